"""Names of people as they are typed and pasted."""

import pytest
from django.core.exceptions import ValidationError

from academy.text.names import PersonNameField, names_in

ACCEPTED = [
    *((f"买买提{dot}阿不都", "买买提·阿不都") for dot in "•・‧．∙⋅･·."),
    ("买买提 · 阿不都", "买买提·阿不都"),
    ("苏\u2006晓岚", "苏晓岚"),
    ("苏\u3000晓岚", "苏晓岚"),
    ("苏晓岚\u200b", "苏晓岚"),
    ("张\ufe00三", "张三"),
    ("张\U000e0101三", "张三"),
    ("𠮷田", "𠮷田"),
    ("陈㛃", "陈㛃"),
    ("王䶮", "王䶮"),
    ("李\U0002ebf5", "李\U0002ebf5"),
    ("李〇", "李〇"),
    ("朱镕基", "朱镕基"),
    ("José Müller", "José Müller"),
    ("O’Brien", "O’Brien"),
    ("J. Smith", "J. Smith"),
    ("买买提。阿不都", "买买提·阿不都"),
    ("鈴木々", "鈴木々"),
]
LOST = "姓名里有字没有显示出来"
REFUSED = [
    *(
        (name, LOST)
        for name in (
            "李\ue863",
            "李?",
            "李？",
            "李\ufffd",
            "李□",
            "å¼ ä¸‰",
            "ÕÅÈý",
            "浣犲ソ",
            "鑻忔檽宀",
        )
    ),
    *((name, "姓名里不能有数字。") for name in ("19900000123", "张三1", "张①")),
    *(
        (name, "姓名只写文字，不要数字和符号。")
        for name in ("张三（女）", "张_三", "张三<b>", "·", "吕布、貂蝉", "张三。")
    ),
]


@pytest.mark.parametrize(("typed", "kept"), ACCEPTED, ids=ascii)
def test_a_name_has_one_spelling(typed, kept):
    assert PersonNameField(max_length=40).clean(typed) == kept


@pytest.mark.parametrize(("typed", "sentence"), REFUSED, ids=ascii)
def test_what_is_no_name_has_a_sentence_of_its_own(typed, sentence):
    with pytest.raises(ValidationError) as refused:
        PersonNameField(max_length=40).clean(typed)

    assert refused.value.messages[0].startswith(sentence)


def test_whom_to_ask_may_be_several():
    assert names_in("王 老师（组织科），苏晓岚") == "王老师(组织科)、苏晓岚"
