"""The commands on the page about releases work as they stand."""

import os
import subprocess
import sys
from pathlib import Path

from tests.commands import environment
from tests.meta.repository import ROOT
from tests.meta.test_docs import blocks
from tests.personas import World


def test_the_commands_of_the_page_about_releases_work(world: World, tmp_path: Path) -> None:
    for _ in range(3):
        world.join()
    script = "".join(blocks(ROOT / "docs" / "releases.md"))
    assert script.count("daybook release") == 10
    launcher = tmp_path / "daybook"
    launcher.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m scripts.cli.main "$@"\n')
    launcher.chmod(0o755)
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=tmp_path,
        env=os.environ
        | environment(world.settings, study=str(world.study_id), PATH=f"{tmp_path}:{os.environ['PATH']}"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert "3 people share their entries; tier safeguarded, k = 5" in ran.stdout
    assert "Release 1: queued (safeguarded)" in ran.stdout
    assert "  in force\n  Dr A. Researcher, University of Example; for: Decision themes\n" in ran.stdout
    assert world.ana.get(f"{world.path}/disclosure/safeguarded").json()["k"] == 5
