"""Reads a package's OSCAL with compliance-trestle: read.py ZIP

Also: every file that the results link to is in the package, with the hash that they say; every
reference leads to something; the plan is that of the results.
"""

import hashlib
import json
import pathlib
import posixpath
import sys
import tempfile
import zipfile

from trestle.oscal.assessment_plan import AssessmentPlan
from trestle.oscal.assessment_results import AssessmentResults

package = zipfile.ZipFile(sys.argv[1])
folder = pathlib.Path(tempfile.mkdtemp())
package.extractall(folder)
results_path = folder / "oscal/assessment-results.json"
plan_path = folder / "oscal/assessment-plan.json"
results = AssessmentResults.oscal_read(results_path)
plan = AssessmentPlan.oscal_read(plan_path)
assert results and plan

linked = 0
for resource in results.back_matter.resources:
    for link in resource.rlinks or []:
        path = posixpath.normpath(posixpath.join("oscal", link.href))
        digest = hashlib.sha256((folder / path).read_bytes()).hexdigest()
        assert digest == link.hashes[0].value, path
        linked += 1
assert linked > 5, linked
assert results.import_ap.href == "#" + plan.uuid

defined, used = [], set()


def walk(value, key):
    if isinstance(value, dict):
        for name, inner in value.items():
            walk(inner, name)
    elif isinstance(value, list):
        for inner in value:
            walk(inner, key)
    elif key == "uuid":
        defined.append(value)
    elif key and key.endswith("-uuid"):
        used.add(value)
    elif key == "href" and value.startswith("#"):
        used.add(value[1:])


walk(json.loads(results_path.read_text()), None)
assert len(set(defined)) == len(defined)
assert used <= set(defined), used - set(defined)
print(len(results.results[0].findings))
