//! The packs that a command names.

use std::path::Path;

use posture_content::packs::Pack;
use posture_content::template;

use crate::commands::error::nearest;
use crate::commands::{CommandError, assess, paths};

/// The packs of these names, or in these files, in this order.
pub(crate) fn packs_named(
    names: &[String],
    params: &[(String, String)],
) -> Result<Vec<Pack>, CommandError> {
    let embedded = posture_content::packs::embedded()?;
    let mut declared: Vec<String> = Vec::new();
    let mut packs = Vec::new();
    for name in names {
        let standard = name.strip_prefix("standard:").and_then(|name| {
            let all = posture_content::standards::embedded().ok()?;
            Some(all.pack(all.standard(name)?))
        });
        let framework = match name.strip_prefix("framework:") {
            Some(name) => Some(assess::framework(name)?.pack()),
            None => None,
        };
        if let Some(pack) = standard.or(framework) {
            packs.push(pack);
        } else if let Some(pack) = embedded.iter().find(|pack| pack.name == *name) {
            declared.extend(pack.parameters.keys().cloned());
            packs.push(pack.resolved(params));
        } else if is_file(name) {
            let text = template(name)?;
            packs.push(template::load(&text, name, params).map_err(|problems| {
                CommandError::Template {
                    path: name.clone(),
                    problems,
                }
            })?);
            declared.extend(
                template::declared_parameters(&text)
                    .into_iter()
                    .flatten()
                    .map(|(name, _)| name),
            );
        } else {
            return Err(CommandError::UnknownPack {
                name: name.clone(),
                nearest: nearest(embedded.iter().map(|pack| pack.name.as_str()), name),
            });
        }
    }
    for (name, _) in params {
        if !declared.contains(name) {
            return Err(CommandError::UnknownParam {
                name: name.clone(),
                nearest: nearest(declared.iter().map(String::as_str), name),
            });
        }
    }
    Ok(packs)
}

/// A short name has no extension and no folder.
pub(crate) fn is_file(name: &str) -> bool {
    let path = Path::new(name);
    is_template(path) || name.contains('/') || path.exists()
}

fn is_template(path: &Path) -> bool {
    path.extension().is_some_and(|end| {
        ["yaml", "yml", "json", "template"]
            .iter()
            .any(|known| end == *known)
    })
}

pub(crate) fn template(path: &str) -> Result<String, CommandError> {
    std::fs::read_to_string(path).map_err(|cause| CommandError::Read {
        path: path.to_owned(),
        cause,
    })
}

/// A file named is one whatever its extension; of a folder, those with a template's.
pub(crate) fn templates(named: &[String]) -> Result<Vec<String>, CommandError> {
    let mut found = Vec::new();
    for path in named.iter().map(Path::new) {
        let files = paths::files(path, &|file| file == path || is_template(file))?;
        found.extend(files.map(|file| file.display().to_string()));
    }
    Ok(found)
}
