"""A secondment with its seven items, and small files of every kind."""

import io
import zipfile
from datetime import date, timedelta

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from factory.django import DjangoModelFactory
from PIL import Image

from practicums.models import (
    ItemKind,
    PracticeCase,
    Secondment,
    SecondmentBatch,
    SevenItem,
    SignOffRole,
)
from practicums.seven_items.appraisal import write_appraisal
from practicums.seven_items.evidence_steps import add_evidence
from practicums.seven_items.signers import SIGNERS, seven_items_for
from practicums.seven_items.steps import hand_in, sign
from tests.factories import NOW, DepartmentFactory, RoleGrantFactory, TraineeFactory, UserFactory

START, END = date(2027, 1, 4), date(2027, 6, 30)  # NOW, 1 March 2027, lies within


def picture(file_format: str, **options) -> bytes:
    """A small photo: dark on the left, light on the right."""
    photo = Image.new("RGB", (32, 16), "white")
    photo.paste("black", (0, 0, 16, 16))
    buffer = io.BytesIO()
    photo.save(buffer, file_format, **options)
    return buffer.getvalue()


PNG = picture("PNG")
JPG = picture("JPEG")
PDF = b"%PDF-1.7\n" + b"\x00" * 40


class SecondmentBatchFactory(DjangoModelFactory):
    class Meta:
        model = SecondmentBatch

    programme = "丰羽行动"
    name = factory.Sequence(lambda n: f"示例第{n}批")
    starts_on = START
    ends_on = END


class SecondmentFactory(DjangoModelFactory):
    """Under way at NOW, with its seven items not started; its batch runs just as long."""

    class Meta:
        model = Secondment
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"FY-{n:03}")
    batch = factory.SubFactory(
        SecondmentBatchFactory,
        starts_on=factory.SelfAttribute("..starts_on"),
        ends_on=factory.SelfAttribute("..ends_on"),
    )
    trainee = factory.SubFactory(TraineeFactory)
    village = factory.LazyAttribute(lambda row: row.trainee.village)
    town = factory.LazyAttribute(lambda row: row.village.town)
    position = factory.LazyAttribute(lambda row: row.trainee.position)
    host_department = factory.SubFactory(DepartmentFactory)
    host_name = factory.LazyAttribute(
        lambda row: row.host_department.name if row.host_department else "示例中心"
    )
    mentor = factory.SubFactory(UserFactory)
    starts_on = START
    ends_on = END
    project_title = "示例项目"
    case_title = "示例案例"

    @factory.post_generation
    def items(self, create, extracted, **kwargs):
        if create:
            SevenItem.objects.bulk_create(seven_items_for(self))


class PracticeCaseFactory(DjangoModelFactory):
    """A draft that lacks nothing."""

    class Meta:
        model = PracticeCase

    code = factory.Sequence(lambda n: f"AL-{n + 100}")
    title = factory.Sequence(lambda n: f"示例案例{n}")
    theme = "楼道清零"
    problem = "楼道堆物。"
    approach = "先找去处，再约日子。"
    result = "清空至今。"
    author = factory.SubFactory(UserFactory)
    updated_at = NOW


def host_official_of(secondment: Secondment):
    user = UserFactory()
    RoleGrantFactory(user=user, role="department_staff", department=secondment.host_department)
    return user


def office_clerk():
    user = UserFactory()
    RoleGrantFactory(user=user, role="district_staff")
    return user


def signer_for(secondment: Secondment, role: str):
    """Somebody who may sign as the role."""
    if role == SignOffRole.MENTOR:
        return secondment.mentor
    return (
        host_official_of(secondment)
        if role == SignOffRole.HOST and not secondment.host_is_outside
        else office_clerk()
    )


def item_of(secondment: Secondment, kind: str) -> SevenItem:
    return secondment.items.get(kind=kind)


def with_evidence(secondment: Secondment, kind: str, text: str = "", now=NOW) -> SevenItem:
    item = item_of(secondment, kind)
    text = text or f"示例证据 {kind} {item.round + 1}"  # another one for each hand-in
    held_on = now.date() - timedelta(days=1) if kind == ItemKind.GET_TOGETHER else None
    add_evidence(
        item=item,
        by=secondment.trainee.user,
        now=now,
        declared_open=True,
        text=text,
        held_on=held_on,
    )
    return item_of(secondment, kind)


def handed_in(secondment: Secondment, kind: str, text: str = "", now=NOW) -> SevenItem:
    return hand_in(
        item=with_evidence(secondment, kind, text, now), by=secondment.trainee.user, now=now
    )


def signed(secondment: Secondment, kind: str, now=NOW) -> SevenItem:
    if kind == ItemKind.APPRAISAL:
        return write_appraisal(
            secondment=secondment,
            text="表现良好",
            by=signer_for(secondment, SignOffRole.HOST),
            now=now,
            issue=True,
        )
    item = handed_in(secondment, kind, now=now)
    for role in SIGNERS[kind]:
        item = sign(item=item, role=role, by=signer_for(secondment, role), now=now)
    return item


def all_signed(**fields) -> Secondment:
    secondment = SecondmentFactory(**fields)
    for kind in ItemKind.values:
        signed(secondment, kind)
    return Secondment.objects.get(pk=secondment.pk)


def office_file(*names: str) -> bytes:
    """The same at any time: bytes are names of tests, and each process must have the same ones."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as parts:
        for name in ("[Content_Types].xml", *names):
            parts.writestr(zipfile.ZipInfo(name), "<x/>")
    return buffer.getvalue()


DOCX, XLSX = office_file("word/document.xml"), office_file("xl/workbook.xml")


def upload(
    content: bytes = PNG, name: str = "照片.png", content_type: str = "image/png"
) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type)
