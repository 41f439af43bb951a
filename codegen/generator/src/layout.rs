//! Where lines break. Follows rustfmt's rules for the few shapes that the writers print, so that the text needs no
//! formatter; knows nothing about services.

/// rustfmt's `max_width`.
const WIDTH: usize = 100;
/// rustfmt's `fn_call_width`: arguments wider than this are put on lines of their own.
const CALL_WIDTH: usize = 60;
/// rustfmt's `short_array_element_width_threshold`: arguments no wider than this share a line.
const SHORT_WIDTH: usize = 10;
/// rustfmt's `chain_width`: a longer chain of calls is broken before each dot.
const CHAIN_WIDTH: usize = 60;

/// A type or a bound that can be broken inside its angle brackets.
#[derive(Clone, Debug)]
pub(crate) struct Type {
    head: String,
    arguments: Vec<Type>,
    tail: &'static str,
}

impl Type {
    /// A type without arguments.
    pub(crate) fn path(path: impl Into<String>) -> Self {
        Self {
            head: path.into(),
            arguments: Vec::new(),
            tail: "",
        }
    }

    /// `head<arguments>`.
    pub(crate) fn generic(head: &str, arguments: impl Into<Vec<Type>>) -> Self {
        Self {
            head: head.to_owned(),
            arguments: arguments.into(),
            tail: "",
        }
    }

    /// `head<arguments> + ::core::marker::Send`.
    pub(crate) fn sendable(self) -> Self {
        Self {
            tail: " + ::core::marker::Send",
            ..self
        }
    }

    /// `name = self`, as an argument.
    pub(crate) fn named(mut self, name: &str) -> Self {
        self.head = format!("{name} = {}", self.head);
        self
    }

    fn one_line(&self) -> String {
        if self.arguments.is_empty() {
            return format!("{}{}", self.head, self.tail);
        }
        let arguments: Vec<String> = self.arguments.iter().map(Type::one_line).collect();
        format!("{}<{}>{}", self.head, arguments.join(", "), self.tail)
    }

    /// The type, on a line that is indented by `indent` and has `before` columns more before it and `after` behind it.
    fn lines(&self, indent: usize, before: usize, after: usize) -> String {
        let line = self.one_line();
        // rustfmt does not count the `impl` of a bound.
        let uncounted = if line.starts_with("impl ") {
            "impl ".len()
        } else {
            0
        };
        let room = WIDTH + uncounted - indent - before - after;
        if self.arguments.is_empty() || line.len() <= room {
            return line;
        }
        let margin = " ".repeat(indent);
        let bound = &line[..line.len() - self.tail.len()];
        if !self.tail.is_empty() && bound.len() <= room {
            return format!("{bound}\n{margin}{}", self.tail.trim_start());
        }
        let arguments: String = self
            .arguments
            .iter()
            .map(|argument| format!("{margin}    {},\n", argument.lines(indent + 4, 0, 1)))
            .collect();
        format!("{}<\n{arguments}{margin}>{}", self.head, self.tail)
    }
}

/// `head(parameters) -> output` and `end`, which is `;` or ` {`. `parameters` are whole but for their type's breaks.
pub(crate) fn signature(
    indent: usize,
    head: &str,
    parameters: &[(&str, Option<Type>)],
    output: &Type,
    end: &str,
) -> String {
    let margin = " ".repeat(indent);
    let flat: Vec<String> = parameters
        .iter()
        .map(|(name, ty)| match ty {
            Some(ty) => format!("{name}: {}", ty.one_line()),
            None => (*name).to_owned(),
        })
        .collect();
    let line = format!(
        "{margin}{head}({}) -> {}{end}",
        flat.join(", "),
        output.one_line()
    );
    if line.len() <= WIDTH {
        return line;
    }
    let broken: String = parameters
        .iter()
        .map(|(name, ty)| match ty {
            Some(ty) => format!(
                "{margin}    {name}: {},\n",
                ty.lines(indent + 4, name.len() + 2, 1)
            ),
            None => format!("{margin}    {name},\n"),
        })
        .collect();
    let arrow = ") -> ";
    let flat = output.one_line();
    // A brace goes to the next line when it comes near the edge: rustfmt counts the margin twice for it, and then leaves
    // the parenthesis and its space uncounted.
    let near = indent + indent + arrow.len() + flat.len() + end.len() > WIDTH;
    if end == " {" && near && indent + "-> ".len() + flat.len() <= WIDTH {
        return format!("{margin}{head}(\n{broken}{margin}{arrow}{flat}\n{margin}{{");
    }
    let output = output.lines(indent, arrow.len(), end.len());
    format!("{margin}{head}(\n{broken}{margin}{arrow}{output}{end}")
}

/// `function(arguments)` and `end`, as a statement or as the last expression of a block.
pub(crate) fn call(indent: usize, function: &str, arguments: &[&str], end: &str) -> String {
    let margin = " ".repeat(indent);
    let flat = arguments.join(", ");
    let line = format!("{margin}{function}({flat}){end}");
    if flat.len() <= CALL_WIDTH && line.len() <= WIDTH {
        return line;
    }
    let short = arguments
        .iter()
        .all(|argument| argument.len() <= SHORT_WIDTH);
    let separator = if short {
        ", ".to_owned()
    } else {
        format!(",\n{margin}    ")
    };
    let broken = arguments.join(&separator);
    format!("{margin}{function}(\n{margin}    {broken},\n{margin}){end}")
}

/// `call.await`, where `call` is the text of a call that [`call()`] laid out.
pub(crate) fn awaited(indent: usize, call: &str) -> String {
    let one_line = !call.contains('\n') && call.trim_start().len() + ".await".len() <= CHAIN_WIDTH;
    if one_line {
        return format!("{call}.await");
    }
    format!(
        "{call}\n{:indent$}.await",
        "",
        indent = indent + if call.contains('\n') { 0 } else { 4 }
    )
}

/// The first of some spellings whose lines all fit, or else the last.
pub(crate) fn first_that_fits<const N: usize>(spellings: [String; N]) -> String {
    let fits = |text: &String| text.lines().all(|line| line.len() <= WIDTH);
    let at = spellings.iter().position(fits).unwrap_or(N - 1);
    spellings.into_iter().nth(at).unwrap_or_default()
}
