"""Poll the feeds once an hour with Airflow, through the Beam provider's operator.

Set the Airflow variables `newsbeam_feeds` (OPML file or list of addresses) and `newsbeam_lake` (folder or URL), and
NEWSBEAM_PYTHON, the interpreter that has newsbeam installed, in the environment of the scheduler and its workers: the
operator takes no template there. Needed: `apache-airflow-providers-apache-beam`, and `apache-airflow-providers-google`,
without which its operator does not load.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path

from airflow.providers.apache.beam.operators.beam import BeamRunPythonPipelineOperator
from airflow.sdk import DAG

with DAG(
    dag_id="newsbeam",
    schedule="7 * * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,  # a second writer would poll in vain
    default_args={"retries": 2, "retry_delay": timedelta(minutes=5)},
) as dag:
    poll = BeamRunPythonPipelineOperator(
        task_id="poll",
        runner="DirectRunner",
        py_file=str(Path(__file__).with_name("launch.py")),
        py_interpreter=os.environ.get("NEWSBEAM_PYTHON", "/opt/newsbeam/.venv/bin/python"),
        pipeline_options={
            "paths": "{{ var.value.newsbeam_feeds }}",
            "lake": "{{ var.value.newsbeam_lake }}",
        },
    )
