"""Records on a stage, or in a pipeline, that the configuration no longer has."""

from crmctl.model.configuration import Configuration
from crmctl.model.records import Record


def stranded(record: Record, configuration: Configuration) -> str:
    """Return where a record with stages is left behind, as messages go on after "is"; empty where it is not."""
    pipeline = configuration.pipeline_for(record.type, record.pipeline)
    if pipeline is None:
        return f'in pipeline "{record.pipeline}", which is gone'
    if pipeline.stage(record.stage) is None:
        return f'on stage "{record.stage}", which {pipeline.id} no longer has'
    return ""
