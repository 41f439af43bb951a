//! Whole files: what they may import and whether they use it, packages, services of lite files.

use super::Checker;
use crate::schema::model::{Edition, ImportKind};
use crate::syntax::diagnostic::Diagnostic;

/// Limits of packages (`BuildFile`, descriptor.cc).
const PACKAGE_LENGTH_MAX: usize = 511;
const PACKAGE_DOTS_MAX: usize = 100;

impl Checker<'_> {
    pub(super) fn files(&mut self) {
        self.edition();
        self.package();
        self.lite_imports();
        self.lite_services();
        if self.subject.is_root && !self.subject.is_broken {
            self.unused_imports();
        }
    }

    fn edition(&mut self) {
        let file = &self.model.files[self.file];
        let edition = file.edition;
        if edition < Edition::PROTO2 {
            let text =
                format!("edition {edition} is earlier than the minimum supported edition PROTO2");
            self.report(Diagnostic::error(
                "edition-too-old",
                text,
                file.edition_span,
            ));
        } else if edition > Edition::NEWEST {
            let newest = Edition::NEWEST;
            let text =
                format!("edition {edition} is later than the maximum supported edition {newest}");
            let error = Diagnostic::error("edition-too-new", text, file.edition_span);
            self.report(error.help(format!("write `edition = \"{newest}\";`")));
        }
    }

    fn package(&mut self) {
        let file = &self.model.files[self.file];
        let package = self.text(file.package);
        if package.len() > PACKAGE_LENGTH_MAX {
            let text = format!("package name is longer than {PACKAGE_LENGTH_MAX} characters");
            self.report(Diagnostic::error(
                "package-too-long",
                text,
                file.package_span,
            ));
        } else if package.matches('.').count() > PACKAGE_DOTS_MAX {
            let text = format!("package name has more than {} parts", PACKAGE_DOTS_MAX + 1);
            self.report(Diagnostic::error(
                "package-too-deep",
                text,
                file.package_span,
            ));
        }
    }

    fn lite_imports(&mut self) {
        if self.is_lite(self.file) {
            return;
        }
        for import in &self.model.files[self.file].imports {
            if !import.file.is_some_and(|target| self.is_lite(target)) {
                continue;
            }
            let path = self.text(import.path);
            let text =
                format!("files that are not lite cannot import lite files, such as \"{path}\"");
            let error = Diagnostic::error("lite-import", text, import.span)
                .note("a lite file has `optimize_for = LITE_RUNTIME`")
                .help("make both files lite, or neither");
            self.report(error);
            return;
        }
    }

    fn lite_services(&mut self) {
        const CC_GENERIC_SERVICES: i32 = 16;
        const JAVA_GENERIC_SERVICES: i32 = 17;
        let file = &self.model.files[self.file];
        let options = self.options(file.options);
        let is_generic = options.flag(CC_GENERIC_SERVICES) || options.flag(JAVA_GENERIC_SERVICES);
        if !is_generic || !self.is_lite(self.file) {
            return;
        }
        for id in file.services.iter() {
            let text = "lite files cannot define generic services";
            let error = Diagnostic::error("lite-service", text, self.model.services[id].name_span)
                .note("the file has `optimize_for = LITE_RUNTIME`")
                .help("set `cc_generic_services` and `java_generic_services` to false");
            self.report(error);
        }
    }

    /// A file that imports others publicly may be imported for their sake.
    fn unused_imports(&mut self) {
        for import in &self.model.files[self.file].imports {
            let Some(target) = import.file else { continue };
            let imports = self.model.files[target].imports.iter();
            let re_exports = imports
                .clone()
                .any(|import| import.kind == ImportKind::Public);
            if import.kind == ImportKind::Public
                || re_exports
                || self.subject.used.contains(&target)
            {
                continue;
            }
            let text = format!("import {} is unused", self.text(import.path));
            let warning = Diagnostic::warning("unused-import", text, import.span);
            self.report(warning.help("remove it"));
        }
    }
}
