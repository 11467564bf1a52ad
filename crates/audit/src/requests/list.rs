//! A list of requests as CSV, out and in. What is written out can be taken in again: then owners and
//! due days count, and of an auditor's own requests the texts and controls.

use jiff::civil::Date;
use posture_content::frameworks::Framework;

use super::is_builtin;
use super::status::RequestStatus;
use crate::act::ImportedRequest;
use crate::error::AuditError;
use crate::journal::is_name;
use crate::person::Person;

/// Columns that are written. The first five are read, the others are ours to say.
pub const REQUEST_COLUMNS: [&str; 10] = [
    "id", "text", "controls", "due", "owner", "state", "kind", "toDo", "flags", "files",
];

/// Requests of one list at most, and the length of a text in characters.
const REQUESTS: usize = 10_000;
const TEXT: usize = 4_000;

/// A request as a row of the table.
pub fn request_cells(one: &RequestStatus) -> Vec<String> {
    let files = one.uploads.iter();
    let files: Vec<String> = files
        .map(|one| format!("{} {}", one.upload.file_name, one.upload.body.sha256))
        .collect();
    vec![
        one.id.clone(),
        one.title.clone(),
        one.controls.join(" "),
        one.due.map_or(String::new(), |due| due.to_string()),
        one.owner.clone(),
        one.state.as_str().to_owned(),
        one.kind
            .map_or(String::new(), |kind| kind.as_str().to_owned()),
        one.to_do.join("; "),
        one.flags.join("; "),
        files.join("; "),
    ]
}

/// Where the columns are that are read.
struct Columns {
    id: usize,
    text: Option<usize>,
    controls: Option<usize>,
    due: Option<usize>,
    owner: Option<usize>,
}

/// Reads a list: a header of `id`, `text`, `controls`, `due` and `owner` in any order, of which `id`
/// has to be there; other columns of our own are passed over. Of a request of the embedded list only
/// `due` and `owner` are taken.
///
/// # Errors
/// Every mistake, with its line; then nothing is taken.
pub fn read_requests(
    framework: &Framework,
    bytes: &[u8],
) -> Result<Vec<ImportedRequest>, AuditError> {
    let mut problems = Vec::new();
    let mut reader = csv::ReaderBuilder::new().from_reader(bytes);
    let columns = match reader.headers() {
        Ok(header) => Columns::of(header, &mut problems),
        Err(error) => {
            problems.push(error.to_string());
            None
        }
    };
    let mut requests: Vec<ImportedRequest> = Vec::new();
    if let Some(columns) = columns {
        for row in reader.records() {
            match row {
                Ok(row) => {
                    let line = row.position().map_or(0, csv::Position::line);
                    let mut said = Vec::new();
                    requests.extend(request(framework, &columns, &row, &requests, &mut said)?);
                    problems.extend(said.into_iter().map(|what| format!("line {line}: {what}")));
                }
                Err(error) => problems.push(error.to_string()),
            }
            if requests.len() > REQUESTS {
                problems.push(format!("more than {REQUESTS} requests"));
                break;
            }
        }
        if requests.is_empty() && problems.is_empty() {
            problems.push("the list has no request".to_owned());
        }
    }
    if problems.is_empty() {
        Ok(requests)
    } else {
        Err(AuditError::RequestList { problems })
    }
}

impl Columns {
    fn of(header: &csv::StringRecord, problems: &mut Vec<String>) -> Option<Columns> {
        let names: Vec<String> = header
            .iter()
            .map(|name| {
                name.trim()
                    .trim_start_matches('\u{feff}')
                    .to_ascii_lowercase()
            })
            .collect();
        for name in &names {
            let is_known = REQUEST_COLUMNS
                .iter()
                .any(|known| known.eq_ignore_ascii_case(name));
            if !is_known {
                problems.push(format!(
                    "line 1: there is no column {name:?}; expected id, text, controls, due, owner"
                ));
            }
        }
        let place = |name: &str| names.iter().position(|known| known == name);
        let id = place("id");
        if id.is_none() {
            problems.push("line 1: there is no column \"id\"".to_owned());
        }
        Some(Columns {
            id: id?,
            text: place("text"),
            controls: place("controls"),
            due: place("due"),
            owner: place("owner"),
        })
    }
}

/// A row as a request; none where it has mistakes.
fn request(
    framework: &Framework,
    columns: &Columns,
    row: &csv::StringRecord,
    before: &[ImportedRequest],
    said: &mut Vec<String>,
) -> Result<Option<ImportedRequest>, AuditError> {
    let cell = |place: Option<usize>| {
        let text = place.and_then(|place| row.get(place)).unwrap_or_default();
        plain(text.trim()).to_owned()
    };
    let id = cell(Some(columns.id));
    if !is_name(&id) {
        said.push(format!(
            "{id:?} is no id: letters, digits, `.`, `_` and `-`, at most 64"
        ));
    }
    if before.iter().any(|known| known.id == id) {
        said.push(format!("{id} is there twice"));
    }
    let text = cell(columns.text);
    if text.chars().count() > TEXT {
        said.push(format!("the text of {id} is longer than {TEXT} characters"));
    }
    let mut controls = Vec::new();
    for control in cell(columns.controls).split([' ', ',', ';']) {
        if control.is_empty() {
            continue;
        }
        if framework.control(control).is_none() {
            said.push(format!("{} has no control {control:?}", framework.name));
        }
        controls.push(control.to_owned());
    }
    let due = cell(columns.due);
    let date: Option<Date> = due.parse().ok();
    if date.is_none() && !due.is_empty() {
        said.push(format!(
            "{due:?} is no day; expected one such as 2026-07-15"
        ));
    }
    let is_builtin = is_builtin(&id);
    if !is_builtin && text.is_empty() {
        said.push(format!("{id} has no text"));
    }
    if !said.is_empty() {
        return Ok(None);
    }
    let owner = cell(columns.owner);
    let owner = match owner.as_str() {
        "" => None,
        name => Some(Person::named(name)?),
    };
    Ok(Some(ImportedRequest {
        id,
        text: (!is_builtin).then_some(text),
        controls: if is_builtin { Vec::new() } else { controls },
        owner,
        due: date,
    }))
}

/// A cell without the sign by which it was written as no formula.
fn plain(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use posture_content::frameworks::embedded;

    use super::*;

    fn read(text: &str) -> Result<Vec<ImportedRequest>, String> {
        let all = embedded().unwrap();
        let soc2 = all.iter().find(|one| one.name == "soc2").unwrap();
        read_requests(soc2, text.as_bytes()).map_err(|error| error.to_string())
    }

    #[test]
    fn an_auditor_s_list_is_read() {
        let list = "\u{feff}ID,Owner,Text,Controls,Due\r\n\
                    A-1,Bob,\"All users, with MFA\",CC6.1 CC6.2,2026-07-15\r\n\
                    iam-users,Ann,whatever,CC1.1,\r\n\
                    B.2,,'=what?,,\r\n";
        let requests = read(list).unwrap();
        assert_eq!(requests[0].text.as_deref(), Some("All users, with MFA"));
        assert_eq!(requests[0].controls, ["CC6.1", "CC6.2"]);
        assert_eq!(requests[0].due.unwrap().to_string(), "2026-07-15");
        assert_eq!(requests[0].owner.as_ref().unwrap().name, "Bob");
        assert_eq!((&requests[1].text, requests[1].controls.len()), (&None, 0));
        assert_eq!(requests[2].text.as_deref(), Some("=what?"));
    }

    #[test]
    fn every_mistake_is_told_with_its_line() {
        let said =
            read("id,text,controls,due\n../x,t,CC99,soon\nA,,,\nA,t,,\nA,t,,\n").unwrap_err();
        for part in [
            "line 2: \"../x\" is no id",
            "line 2: soc2 has no control \"CC99\"",
            "line 2: \"soon\" is no day",
            "line 3: A has no text",
            "line 5: A is there twice",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
        assert!(read("").unwrap_err().contains("no column \"id\""));
        assert!(read("id,text\n").unwrap_err().contains("no request"));
        assert!(
            read("id,text\na,b,c\n")
                .unwrap_err()
                .contains("nothing was imported")
        );
        assert!(
            read("id,secret\na,b\n")
                .unwrap_err()
                .contains("no column \"secret\"")
        );
    }
}
