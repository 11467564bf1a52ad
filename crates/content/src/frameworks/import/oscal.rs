//! OSCAL catalogs and profiles (NIST, OSCAL 1.x, catalog and profile models), in JSON or YAML.

use std::collections::{BTreeMap, BTreeSet};

use super::builder::{Builder, cut, manual};
use super::{ImportError, Imported};
use crate::frameworks::framework::Coverage;
use crate::yaml::{Kind, Problem, Value, read};

/// No catalog nests groups or controls deeper.
const DEPTH: usize = 16;

pub(super) fn is_profile(root: &Value) -> bool {
    root.get("profile").is_some()
}

pub(super) fn import(root: &Value, catalog: Option<&str>) -> Result<Imported, ImportError> {
    let Some(profile) = root.get("profile") else {
        let Some(own) = root.get("catalog") else {
            let message = "an OSCAL file has a catalog or a profile, and this has neither";
            return Err(ImportError::File(vec![Problem::new(root.place, message)]));
        };
        return Ok(read_catalog(own, title(own), &Selection::All));
    };
    let (selection, href) =
        selection(profile).map_err(|problem| ImportError::File(vec![problem]))?;
    let text = catalog.ok_or(ImportError::NeedsCatalog { href })?;
    let catalog = read(text).map_err(|problem| ImportError::Catalog(vec![problem]))?;
    let Some(of) = catalog.get("catalog") else {
        let problem = Problem::new(
            catalog.place,
            "an OSCAL catalog has a catalog, and this has none",
        );
        return Err(ImportError::Catalog(vec![problem]));
    };
    let mut imported = read_catalog(of, title(profile), &selection);
    if let (Selection::Only(wanted), [framework]) = (&selection, imported.frameworks.as_slice()) {
        let known = ids(of);
        for (id, place) in wanted.iter().filter(|(id, _)| !known.contains(id.as_str())) {
            let what = format!("{}: the catalog has no control", framework.title);
            imported
                .notes
                .push(Problem::unknown(*place, &what, id, known.iter().copied()));
        }
    }
    Ok(imported)
}

/// Which controls of a catalog a profile has.
enum Selection {
    All,
    /// All but these.
    Except(BTreeSet<String>),
    /// These, and where the profile names them.
    Only(BTreeMap<String, crate::yaml::Place>),
}

impl Selection {
    fn has(&self, id: &str) -> bool {
        match self {
            Selection::All => true,
            Selection::Except(without) => !without.contains(id),
            Selection::Only(with) => with.contains_key(id),
        }
    }
}

/// What the profile's imports select, and the address of the first catalog.
fn selection(profile: &Value) -> Result<(Selection, String), Problem> {
    let imports = list(profile, "imports");
    let Some(first) = imports.first() else {
        return Err(Problem::new(
            profile.place,
            "a profile has imports, and this has none",
        ));
    };
    let href = text(first, "href").unwrap_or_default().to_owned();
    let mut with = BTreeMap::new();
    let mut without = BTreeSet::new();
    let mut is_all = false;
    for import in imports {
        if text(import, "href").is_some_and(|other| other != href) {
            return Err(Problem::new(
                import.place,
                "a profile over several catalogs: resolve it first, then import the catalog",
            ));
        }
        is_all |= import.get("include-all").is_some() || import.get("include-controls").is_none();
        for (name, is_with) in [("include-controls", true), ("exclude-controls", false)] {
            for selection in list(import, name) {
                if let Some(matching) = selection.get("matching") {
                    return Err(Problem::new(
                        matching.place,
                        "matching by pattern: resolve the profile first, then import the catalog",
                    ));
                }
                for id in list(selection, "with-ids") {
                    let Some(text) = id.text() else { continue };
                    if is_with {
                        with.insert(text.to_owned(), id.place);
                    } else {
                        without.insert(text.to_owned());
                    }
                }
            }
        }
    }
    if is_all {
        return Ok((Selection::Except(without), href));
    }
    with.retain(|id, _| !without.contains(id));
    Ok((Selection::Only(with), href))
}

fn text<'v>(of: &'v Value, name: &str) -> Option<&'v str> {
    of.get(name).and_then(Value::text)
}

fn list<'v>(of: &'v Value, name: &str) -> &'v [Value] {
    match of.get(name).map(|value| &value.kind) {
        Some(Kind::Sequence(elements)) => elements,
        _ => &[],
    }
}

fn title(document: &Value) -> &str {
    document
        .get("metadata")
        .and_then(|metadata| text(metadata, "title"))
        .unwrap_or("OSCAL catalog")
}

fn ids(catalog: &Value) -> BTreeSet<&str> {
    fn collect<'v>(of: &'v Value, depth: usize, ids: &mut BTreeSet<&'v str>) {
        if depth > DEPTH {
            return;
        }
        for group in list(of, "groups") {
            collect(group, depth + 1, ids);
        }
        for control in list(of, "controls") {
            ids.extend(text(control, "id"));
            collect(control, depth + 1, ids);
        }
    }
    let mut ids = BTreeSet::new();
    collect(catalog, 0, &mut ids);
    ids
}

fn read_catalog(catalog: &Value, title: &str, selection: &Selection) -> Imported {
    let version = catalog
        .get("metadata")
        .and_then(|metadata| text(metadata, "version"));
    let of = self::title(catalog);
    let builder = Builder::new(
        title,
        version,
        &format!("imported from the OSCAL catalog {of}"),
    );
    let mut reader = Reader { builder, selection };
    reader.groups(catalog, None, 0);
    reader.controls(catalog, None, None, 0);
    let (framework, notes) = reader.builder.finish();
    Imported {
        frameworks: vec![framework],
        notes,
    }
}

struct Reader<'s> {
    builder: Builder,
    selection: &'s Selection,
}

impl Reader<'_> {
    /// Each outermost group is a control set.
    fn groups(&mut self, of: &Value, set: Option<&str>, depth: usize) {
        for group in list(of, "groups") {
            if depth > DEPTH {
                self.builder
                    .note(group.place, "groups nested too deeply were left out");
                return;
            }
            let title = text(group, "title").unwrap_or("Controls");
            let id = if let Some(set) = set {
                set.to_owned()
            } else {
                let id = label(group).or_else(|| text(group, "id")).unwrap_or(title);
                self.builder.set(id, title)
            };
            self.groups(group, Some(&id), depth + 1);
            self.controls(group, Some(&id), None, depth + 1);
        }
    }

    fn controls(&mut self, of: &Value, set: Option<&str>, parent: Option<&str>, depth: usize) {
        for control in list(of, "controls") {
            if depth > DEPTH {
                self.builder
                    .note(control.place, "controls nested too deeply were left out");
                return;
            }
            let Some(oscal_id) = text(control, "id") else {
                self.builder
                    .note(control.place, "a control without an id was left out");
                continue;
            };
            let id = label(control).unwrap_or(oscal_id);
            let set = match set {
                Some(set) => set.to_owned(),
                None => self.builder.set("Controls", "Controls"),
            };
            if self.selection.has(oscal_id) {
                self.control(control, id, &set, parent);
            }
            self.controls(control, Some(&set), Some(id), depth + 1);
        }
    }

    fn control(&mut self, value: &Value, id: &str, set: &str, parent: Option<&str>) {
        let mut control = manual(id, set.to_owned(), text(value, "title").unwrap_or(id));
        control.parent = parent.map(str::to_owned);
        let parameters = parameters(value);
        let statement = list(value, "parts")
            .iter()
            .find(|part| text(part, "name") == Some("statement"));
        control.guidance = statement.map(|part| {
            let mut words = String::new();
            prose(part, &parameters, 0, &mut words);
            cut(&words, 1000)
        });
        let is_withdrawn = list(value, "props").iter().any(|prop| {
            text(prop, "name") == Some("status") && text(prop, "value") == Some("withdrawn")
        });
        if is_withdrawn {
            let targets: Vec<&str> = list(value, "links")
                .iter()
                .filter(|link| matches!(text(link, "rel"), Some("incorporated-into" | "moved-to")))
                .filter_map(|link| text(link, "href"))
                .map(|href| href.trim_start_matches('#'))
                .collect();
            let into = if targets.is_empty() {
                String::new()
            } else {
                format!(": see {}", targets.join(", "))
            };
            control.coverage = Coverage::NotAutomated;
            control.because = Some(format!("withdrawn by its publisher{into}"));
            control.evidence.clear();
        }
        self.builder.add(value.place, control);
    }
}

/// The label without a class: those with one are spelled for other documents.
fn label(of: &Value) -> Option<&str> {
    let labels = || {
        list(of, "props")
            .iter()
            .filter(|prop| text(prop, "name") == Some("label"))
    };
    let plain = labels().find(|prop| prop.get("class").is_none());
    plain
        .or_else(|| labels().next())
        .and_then(|prop| text(prop, "value"))
}

/// What stands for each parameter in prose.
fn parameters(control: &Value) -> BTreeMap<&str, String> {
    let words = |parameter: &Value| {
        let label = text(parameter, "label").map(str::to_owned);
        label.unwrap_or_else(|| {
            let choices = parameter
                .get("select")
                .map(|select| list(select, "choice"))
                .unwrap_or_default();
            let choices: Vec<&str> = choices.iter().filter_map(Value::text).collect();
            choices.join("; ")
        })
    };
    list(control, "params")
        .iter()
        .filter_map(|parameter| Some((text(parameter, "id")?, words(parameter))))
        .collect()
}

fn prose(part: &Value, parameters: &BTreeMap<&str, String>, depth: usize, words: &mut String) {
    if depth > DEPTH {
        return;
    }
    if let Some(own) = text(part, "prose") {
        words.push(' ');
        words.push_str(&inserted(own, parameters, 0));
    }
    for inner in list(part, "parts") {
        prose(inner, parameters, depth + 1, words);
    }
}

/// `{{ insert: param, id }}` replaced by what the parameter is called.
fn inserted(prose: &str, parameters: &BTreeMap<&str, String>, depth: usize) -> String {
    let mut out = String::new();
    let mut rest = prose;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((insertion, behind)) = after.split_once("}}") else {
            break;
        };
        out.push_str(before);
        let id = insertion.rsplit(',').next().unwrap_or_default().trim();
        match parameters.get(id).filter(|_| depth < DEPTH) {
            Some(words) => {
                out.push('[');
                out.push_str(&inserted(words, parameters, depth + 1));
                out.push(']');
            }
            None => out.push_str("[…]"),
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}
