//! typst without a file system: one template, one JSON file, the fonts that come with it, no clock.

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};
use typst_pdf::PdfOptions;

const TEMPLATE: &str = include_str!("summary.typ");

/// What the template reads.
const CONTENTS: &str = "contents.json";

struct Summary {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    template: Source,
    contents: Bytes,
}

/// The template with these contents, as PDF. `ident` tells the document from others.
///
/// # Errors
/// Where the template has a mistake, in typst's words.
pub(super) fn pdf(contents: String, ident: String) -> Result<Vec<u8>, String> {
    let fonts: Vec<Font> = typst_assets::fonts()
        .flat_map(|font| Font::iter(Bytes::new(font)))
        .collect();
    let summary = Summary {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
        template: Source::detached(TEMPLATE),
        contents: Bytes::from_string(contents),
    };
    let options = PdfOptions {
        ident: Smart::Custom(ident),
        creator: Smart::Custom(Some("Posture".to_owned())),
        ..PdfOptions::default()
    };
    let document = typst::compile(&summary).output;
    let pdf = document.and_then(|document| typst_pdf::pdf(&document, &options));
    pdf.map_err(|errors| {
        let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
        messages.join("; ")
    })
}

impl Summary {
    fn is_contents(id: FileId) -> bool {
        let path = VirtualPath::new(CONTENTS).ok();
        let contents = path.map(|path| RootedPath::new(VirtualRoot::Project, path).intern());
        contents == Some(id)
    }
}

impl World for Summary {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() {
            return Ok(self.template.clone());
        }
        Err(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if Summary::is_contents(id) {
            return Ok(self.contents.clone());
        }
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    /// No page may depend on the day on which it is made.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
