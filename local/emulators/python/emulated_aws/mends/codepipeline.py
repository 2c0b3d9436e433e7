"""CodePipeline (moto): times as numbers."""

from typing import Any

from moto.codepipeline.models import CodePipelineBackend
from moto.core.utils import unix_time

from .patching import around


@around(CodePipelineBackend, "get_pipeline")
def number_times(original: Any, backend: CodePipelineBackend, name: str) -> Any:
    """moto gives them as text, which the provider cannot read."""
    pipeline, metadata = original(backend, name)
    kept = backend.pipelines[name]
    times = {"created": unix_time(kept._created), "updated": unix_time(kept._updated)}
    return pipeline, {**metadata, **times}
