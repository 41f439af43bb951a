//! Finding what a name refers to, by the scoping rules of the language and the imports of a file.
//! It reports nothing: a miss says what is known about it.

use crate::schema::model::{FileId, Id, ImportKind, Model, Symbol};

/// Files a file may use, and whether it has.
pub(crate) struct Scope<'m> {
    model: &'m Model,
    file: FileId,
    /// By file.
    visible: Vec<Visible>,
    /// What is marked in `visible`.
    marked: Vec<FileId>,
    /// Scratch space for names.
    buffer: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Visible {
    #[default]
    No,
    /// In this file's custom options only.
    InOptions {
        used: bool,
    },
    Everywhere {
        used: bool,
    },
}

/// Why a name was not found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Miss {
    /// A definition of that name in a file that is not imported.
    pub(crate) not_imported: Option<Symbol>,
    /// The first part of the name was found, so that the whole can only be this.
    pub(crate) resolved_to: Option<String>,
}

/// What a name may refer to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    Anything,
    /// Other symbols in inner scopes do not hide types in outer ones.
    Types,
}

/// Where a name is written: options see more files.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Declaration,
    Option,
}

impl<'m> Scope<'m> {
    pub(crate) fn new(model: &'m Model) -> Self {
        Self {
            model,
            file: FileId::from_index(0),
            visible: vec![Visible::No; model.files.len()],
            marked: Vec::new(),
            buffer: String::new(),
        }
    }

    /// Sets the file that names are looked up in.
    pub(crate) fn enter(&mut self, file: FileId) {
        for file in self.marked.drain(..) {
            self.visible[file.index()] = Visible::No;
        }
        self.file = file;
        self.mark(file, Visible::Everywhere { used: true });
        let model = self.model;
        for import in &model.files[file].imports {
            let Some(target) = import.file else { continue };
            let visible = match import.kind {
                ImportKind::Option => Visible::InOptions { used: false },
                _ => Visible::Everywhere { used: false },
            };
            self.mark_public(target, visible);
        }
    }

    fn mark(&mut self, file: FileId, visible: Visible) {
        if self.visible[file.index()] == Visible::No {
            self.marked.push(file);
        }
        self.visible[file.index()] = visible;
    }

    /// Marks a file and everything that it imports publicly.
    fn mark_public(&mut self, file: FileId, visible: Visible) {
        let mut pending = vec![file];
        while let Some(file) = pending.pop() {
            match (self.visible[file.index()], visible) {
                (Visible::No, _) | (Visible::InOptions { .. }, Visible::Everywhere { .. }) => {}
                _ => continue,
            }
            self.mark(file, visible);
            let imports = self.model.files[file].imports.iter();
            let public = imports.filter(|import| import.kind == ImportKind::Public);
            pending.extend(public.filter_map(|import| import.file));
        }
    }

    /// Whether something of `file` was looked up since [`enter`](Self::enter).
    pub(crate) fn is_used(&self, file: FileId) -> bool {
        matches!(
            self.visible[file.index()],
            Visible::InOptions { used: true } | Visible::Everywhere { used: true }
        )
    }

    /// Whether a file's definitions may be named at `place`.
    pub(crate) fn sees(&self, file: FileId, place: Place) -> bool {
        match self.visible[file.index()] {
            Visible::No => false,
            Visible::InOptions { .. } => place == Place::Option,
            Visible::Everywhere { .. } => true,
        }
    }

    /// Looks a full name up in all files (`FindSymbolNotEnforcingDeps`, descriptor.cc).
    pub(crate) fn find_anywhere(&mut self, name: &str) -> Option<Symbol> {
        let symbol = self.model.symbols.find(&self.model.text, name)?;
        match &mut self.visible[self.model.file_of(symbol).index()] {
            Visible::No => {}
            Visible::InOptions { used } | Visible::Everywhere { used } => *used = true,
        }
        Some(symbol)
    }

    /// Looks a full name up in the visible files (`FindSymbol`).
    pub(crate) fn find(&mut self, name: &str, place: Place) -> Result<Symbol, Miss> {
        let Some(symbol) = self.find_anywhere(name) else {
            return Err(Miss::default());
        };
        let is_visible = match symbol {
            Symbol::Package(_) => self.package_is_visible(name, place),
            _ => self.sees(self.model.file_of(symbol), place),
        };
        if is_visible {
            return Ok(symbol);
        }
        Err(Miss {
            not_imported: Some(symbol),
            resolved_to: None,
        })
    }

    fn package_is_visible(&self, name: &str, place: Place) -> bool {
        self.marked
            .iter()
            .filter(|&&file| self.sees(file, place))
            .any(|&file| {
                let package = self.model.text.get(self.model.files[file].package);
                package
                    .strip_prefix(name)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
    }

    /// Looks a name up from inside the scope of `relative_to`, whose last part is not a scope itself
    /// (`LookupSymbolNoPlaceholder`).
    pub(crate) fn lookup(
        &mut self,
        name: &str,
        relative_to: &str,
        wanted: Wanted,
        place: Place,
    ) -> Result<Symbol, Miss> {
        if let Some(full_name) = name.strip_prefix('.') {
            return self.find(full_name, place);
        }
        let mut buffer = std::mem::take(&mut self.buffer);
        let result = self.lookup_relative(name, relative_to, wanted, place, &mut buffer);
        self.buffer = buffer;
        result
    }

    fn lookup_relative(
        &mut self,
        name: &str,
        relative_to: &str,
        wanted: Wanted,
        place: Place,
        buffer: &mut String,
    ) -> Result<Symbol, Miss> {
        let first = name.split('.').next().unwrap_or(name);
        let mut miss = Miss::default();
        let mut scope = relative_to;
        while let Some(dot) = scope.rfind('.') {
            scope = &scope[..dot];
            buffer.clear();
            buffer.push_str(scope);
            buffer.push('.');
            buffer.push_str(first);
            match self.find(buffer, place) {
                Ok(symbol) if first.len() == name.len() => {
                    if wanted == Wanted::Anything || symbol.is_type() {
                        return Ok(symbol);
                    }
                }
                Ok(symbol) if symbol.is_aggregate() => {
                    buffer.push_str(&name[first.len()..]);
                    return self.find(buffer, place).map_err(|miss| Miss {
                        resolved_to: Some(buffer.clone()),
                        ..miss
                    });
                }
                Ok(_) => {}
                Err(other) => miss.not_imported = other.not_imported.or(miss.not_imported),
            }
        }
        self.find(name, place).map_err(|other| Miss {
            not_imported: other.not_imported.or(miss.not_imported),
            resolved_to: None,
        })
    }
}
