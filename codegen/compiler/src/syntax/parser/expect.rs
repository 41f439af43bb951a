//! What the grammar wants at each place, in words. A table; it decides nothing.

/// Something the grammar wants: the stable name of its absence, what it is, and how to supply it.
pub(super) struct Expectation {
    pub(super) code: &'static str,
    pub(super) what: &'static str,
    pub(super) help: &'static str,
}

macro_rules! expectations {
    ($($name:ident: $code:literal, $what:literal, $help:literal;)*) => {
        $(pub(super) const $name: Expectation = Expectation { code: $code, what: $what, help: $help };)*

        /// All of them.
        #[cfg(test)]
        pub(super) const ALL: &[&Expectation] = &[$(&$name),*];
    };
}

expectations! {
    SYNTAX_EQUALS: "missing-syntax-equals", "`=`", "write `syntax = \"proto3\";` or `edition = \"2023\";`";
    SYNTAX_VALUE: "missing-syntax-value", "a quoted syntax or edition", "write `syntax = \"proto3\";` or `edition = \"2023\";`";
    SYNTAX_END: "missing-syntax-end", "`;`", "end the statement with `;`";

    PACKAGE_NAME: "missing-package-name", "a package name", "write `package my.package;`";
    PACKAGE_PART: "missing-package-part", "a name behind the dot", "go on with a name, or drop the dot";
    PACKAGE_END: "missing-package-end", "`;`", "end the package statement with `;`";
    IMPORT_PATH: "missing-import-path", "the path of a file in quotes", "write `import \"path/file.proto\";`";
    IMPORT_END: "missing-import-end", "`;`", "end the import with `;`";

    MESSAGE_NAME: "missing-message-name", "a message name", "write `message Name { }`";
    MESSAGE_OPEN: "missing-message-open", "`{`", "open the body of the message with `{`";
    ONEOF_NAME: "missing-oneof-name", "a oneof name", "write `oneof name { }`";
    ONEOF_OPEN: "missing-oneof-open", "`{`", "open the body of the oneof with `{`";
    EXTENDEE: "missing-extendee", "the name of the message to extend", "write `extend Message { }`";
    EXTENDEE_PART: "missing-extendee-part", "a name behind the dot", "go on with a name, or drop the dot";
    EXTEND_OPEN: "missing-extend-open", "`{`", "open the extend block with `{`";

    FIELD_TYPE: "missing-field-type", "a type", "a field is written `type name = number;`";
    FIELD_TYPE_PART: "missing-type-part", "a name behind the dot", "go on with a name, or drop the dot";
    FIELD_NAME: "missing-field-name", "a field name", "a field is written `type name = number;`";
    FIELD_EQUALS: "missing-field-number", "`=` and a field number", "give the field a number that no other field of the message has or had";
    FIELD_NUMBER: "bad-field-number", "a field number", "field numbers are whole numbers from 1 to 536870911";
    FIELD_END: "missing-field-end", "`;`", "end the field with `;`";
    MAP_COMMA: "missing-map-comma", "`,` and the type of the values", "write `map<key, value>`";
    MAP_CLOSE: "missing-map-close", "`>`", "close the map type with `>`";

    OPTIONS_CLOSE: "missing-options-close", "`,` or `]`", "separate options by `,` and close them with `]`";
    DEFAULT_EQUALS: "missing-default-equals", "`=`", "write `default = value`";
    JSON_NAME_EQUALS: "missing-json-name-equals", "`=`", "write `json_name = \"name\"`";
    JSON_NAME_VALUE: "missing-json-name-value", "a name in quotes", "write `json_name = \"name\"`";
    DEFAULT_INTEGER: "bad-integer-default", "an integer", "the field's type takes whole numbers";
    DEFAULT_NUMBER: "bad-float-default", "a number, `inf` or `nan`", "the field's type takes numbers";
    DEFAULT_BOOL: "bad-bool-default", "`true` or `false`", "the field's type takes `true` or `false`";
    DEFAULT_STRING: "bad-string-default", "a string in quotes", "the field's type takes strings";
    DEFAULT_BYTES: "bad-bytes-default", "bytes in quotes", "the field's type takes strings; write odd bytes as `\\x00`";

    OPTION_KEYWORD: "missing-option-keyword", "`option`, `;` or `}`", "only option statements may stand in the body of a method";
    OPTION_NAME: "missing-option-name", "an option name", "write `name = value`, or `(my.option) = value` for a custom option";
    OPTION_NAME_PART: "missing-option-name-part", "a name behind the dot", "go on with a name or a name in parentheses, or drop the dot";
    EXTENSION_NAME: "missing-extension-name", "the name of an extension", "write the extension's name, as in `(my.option)`";
    EXTENSION_PART: "missing-extension-name-part", "a name behind the dot", "go on with a name, or drop the dot";
    EXTENSION_CLOSE: "missing-extension-close", "`)`", "close the name of the custom option with `)`";
    OPTION_EQUALS: "missing-option-equals", "`=`", "write `name = value`";
    OPTION_VALUE: "missing-option-value", "a value", "a value is a name, a number, a string or a message in braces";
    OPTION_END: "missing-option-end", "`;`", "end the option with `;`";
    LITERAL_CLOSE: "missing-literal-close", "`}`", "close every `{` of the value";

    EXTENSION_RANGE: "missing-extension-range", "a field number", "write `extensions 100 to 199;`";
    EXTENSION_RANGE_END: "missing-extension-range-end", "a field number or `max`", "write `extensions 100 to 199;` or `extensions 100 to max;`";
    EXTENSIONS_END: "missing-extensions-end", "`;`", "end the statement with `;`";
    RESERVED_FIRST: "missing-reserved", "a field name or number", "write `reserved 2, 9 to 11;` or reserve names";
    RESERVED_RANGE: "missing-reserved-range", "a field number", "one statement reserves either numbers or names";
    RESERVED_RANGE_END: "missing-reserved-range-end", "a field number or `max`", "write `reserved 9 to 11;` or `reserved 9 to max;`";
    RESERVED_STRING: "missing-reserved-string", "a name in quotes", "one statement reserves either numbers or names";
    RESERVED_IDENTIFIER: "missing-reserved-name", "a name", "one statement reserves either numbers or names";
    RESERVED_END: "missing-reserved-end", "`;`", "end the statement with `;`";
    ENUM_RESERVED_FIRST: "missing-enum-reserved", "a value name or number", "write `reserved 2, 9 to 11;` or reserve names";
    ENUM_RESERVED_RANGE: "missing-enum-reserved-range", "a number", "one statement reserves either numbers or names";
    ENUM_RESERVED_RANGE_END: "missing-enum-reserved-range-end", "a number or `max`", "write `reserved 9 to 11;` or `reserved 9 to max;`";

    ENUM_NAME: "missing-enum-name", "an enum name", "write `enum Name { }`";
    ENUM_OPEN: "missing-enum-open", "`{`", "open the body of the enum with `{`";
    VALUE_NAME: "missing-enum-value-name", "the name of an enum value", "an enum value is written `NAME = number;`";
    VALUE_EQUALS: "missing-enum-value-number", "`=` and a number", "an enum value is written `NAME = number;`";
    VALUE_NUMBER: "bad-enum-value-number", "a number", "an enum value is written `NAME = number;`";
    VALUE_END: "missing-enum-value-end", "`;`", "end the enum value with `;`";

    SERVICE_NAME: "missing-service-name", "a service name", "write `service Name { }`";
    SERVICE_OPEN: "missing-service-open", "`{`", "open the body of the service with `{`";
    RPC: "missing-rpc", "`rpc`, `option` or `}`", "a method is written `rpc Name(Request) returns (Response);`";
    METHOD_NAME: "missing-method-name", "a method name", "a method is written `rpc Name(Request) returns (Response);`";
    INPUT_OPEN: "missing-input-open", "`(`", "put the request type in parentheses, as in `rpc Name(Request)`";
    INPUT_CLOSE: "missing-input-close", "`)`", "close the request type with `)`";
    RETURNS: "missing-returns", "`returns`", "a method is written `rpc Name(Request) returns (Response);`";
    OUTPUT_OPEN: "missing-output-open", "`(`", "put the response type in parentheses, as in `returns (Response)`";
    OUTPUT_CLOSE: "missing-output-close", "`)`", "close the response type with `)`";
    METHOD_TYPE: "missing-method-type", "the name of a message", "a method is written `rpc Name(Request) returns (Response);`";
    METHOD_TYPE_PART: "missing-method-type-part", "a name behind the dot", "go on with a name, or drop the dot";
    METHOD_END: "missing-method-end", "`;` or `{`", "end the method with `;`, or give it options in braces";
}
