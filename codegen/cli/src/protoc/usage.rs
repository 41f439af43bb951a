//! The help text. Never looks at an argument.

pub(super) const USAGE: &str = "\
Usage: ironwire-protoc [OPTION] PROTO_FILES
Parse PROTO_FILES and generate output based on the options given, as protoc does:
  -IPATH, --proto_path=PATH   Search imports in PATH; may be given several times, as VIRTUAL=DISK too.
                              Defaults to the current directory.
  --version                   Show version info and exit.
  -h, --help                  Show this text and exit.
  --encode=MESSAGE_TYPE       Read a message of this type as text from standard input and write its bytes.
  --deterministic_output      With it: maps in the order of their keys.
  --decode=MESSAGE_TYPE       Read the bytes of a message of this type and write it as text.
  --decode_raw                The same without a type, and without a .proto file.
  --descriptor_set_in=FILES   Take descriptors from these sets instead of sources.
  -oFILE, --descriptor_set_out=FILE
                              Write a FileDescriptorSet.
  --include_imports           With it: what the files import, too.
  --include_source_info       With it: positions and comments.
  --retain_options            With it: options that are for sources only.
  --dependency_out=FILE       Write what the outputs depend on, for make.
  --error_format=FORMAT       `gcc` (the default) or `msvs`.
  --fatal_warnings            Fail on warnings.
  --disallow_services         Fail when a file has services.
  --direct_dependencies=FILES Fail when a file imports another than these.
  --option_dependencies=FILES The same for `import option`.
  --print_free_field_numbers  Print which field numbers messages have left.
  --plugin=EXECUTABLE         Use this plugin, as NAME=PATH too; others are looked up in PATH.
  --NAME_out=OUT_DIR          Generate with the plugin protoc-gen-NAME; PARAMETERS:OUT_DIR gives it parameters.
  --NAME_opt=PARAMETERS       More parameters.
  --unsafe_allow_out_dir_escape
                              Let plugins name files outside of OUT_DIR.
  @FILE                       Read arguments from FILE, one a line.
";
