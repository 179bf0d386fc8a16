"""What `manage.py check --deploy` says of certificates."""

from django.core.checks import Warning, register

from .pdf import FONTS, fonts_are_here


@register(deploy=True)
def fonts_of_certificates(app_configs, **kwargs) -> list[Warning]:
    """Warn when no PDF of a certificate could be written."""
    if fonts_are_here():
        return []
    return [
        Warning(
            f"The fonts of certificates are not in {FONTS}: there is no PDF of them.",
            hint="Run `npm ci --ignore-scripts --omit=dev`; see docs/deploy.md.",
            id="trainees.W001",
        )
    ]
