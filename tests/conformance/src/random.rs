//! Random messages of the suite's types, for tests that hold one reader against another. Never reads a clock: a seed says all.

use ironwire_message::{
    Cardinality, DynamicMessage, EnumDescriptor, FieldDescriptor, Kind, MapKey, MessageDescriptor,
    Reflect, Value,
};

/// SplitMix64: the same messages on every run.
pub struct Random(u64);

impl Random {
    /// The same numbers for the same seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// One of the values.
    pub fn one_of<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())]
    }
}

/// Fills a message, and those in it as many levels down, with values that every format has a form for.
///
/// # Panics
/// When a field does not take a value of its own type.
pub fn fill(message: &mut DynamicMessage, levels: u32, random: &mut Random) {
    let descriptor = message.descriptor();
    match descriptor.full_name() {
        "google.protobuf.Any" => return,
        "google.protobuf.Value" => return fill_value(message, levels, random),
        "google.protobuf.Duration" => return fill_duration(message, random),
        "google.protobuf.Timestamp" => return fill_timestamp(message, random),
        _ => {}
    }
    let mut fields: Vec<FieldDescriptor> = descriptor.fields().collect();
    // Of a oneof the field that is set last stays.
    fields.retain(|field| field.cardinality() == Cardinality::Required || random.below(4) == 0);
    for field in fields {
        if let Some(value) = field_value(&field, &descriptor, levels, random) {
            message
                .set(&field, value)
                .expect("the value is of the field's type");
        }
    }
}

fn field_value(
    field: &FieldDescriptor,
    of: &MessageDescriptor,
    levels: u32,
    random: &mut Random,
) -> Option<Value> {
    if let Some((key_field, value_field)) = field.map_entry() {
        let mut entries = std::collections::BTreeMap::new();
        for _ in 0..random.below(4) {
            let key = single(&key_field, levels, random)?;
            let key = MapKey::try_from(key).expect("a key is no message");
            entries.insert(key, single(&value_field, levels, random)?);
        }
        return Some(Value::Map(entries));
    }
    if of.full_name() == "google.protobuf.FieldMask" {
        let paths = ["foo", "foo_bar", "a.b_c"];
        return Some(Value::List(vec![Value::String(
            random.one_of(&paths).into(),
        )]));
    }
    if field.is_list() {
        let count = random.below(4);
        return (0..count)
            .map(|_| single(field, levels, random))
            .collect::<Option<_>>()
            .map(Value::List);
    }
    single(field, levels, random)
}

/// A value of a field that is neither a list nor a map; none where messages would nest too deeply.
fn single(field: &FieldDescriptor, levels: u32, random: &mut Random) -> Option<Value> {
    let bits = random.next() >> random.below(64);
    Some(match field.kind() {
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => {
            Value::I32(random.one_of(&[bits as i32, i32::MIN, i32::MAX, 0]))
        }
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => {
            Value::I64(random.one_of(&[bits as i64, i64::MIN, i64::MAX, 0]))
        }
        Kind::Uint32 | Kind::Fixed32 => Value::U32(random.one_of(&[bits as u32, u32::MAX, 0])),
        Kind::Uint64 | Kind::Fixed64 => Value::U64(random.one_of(&[bits, u64::MAX, 0])),
        Kind::Float => Value::F32(float(f32::from_bits(bits as u32), random)),
        Kind::Double => Value::F64(double(f64::from_bits(bits), random)),
        Kind::Bool => Value::Bool(bits & 1 == 1),
        Kind::String => Value::String(
            random
                .one_of(&["", "a\"'\\\n\t\0\u{7f}", "é€\u{10437}", "1", "Any"])
                .into(),
        ),
        Kind::Bytes => Value::Bytes(bits.to_le_bytes()[..random.below(9)].to_vec().into()),
        Kind::Enum => Value::Enum(enum_number(&field.enumeration()?, bits, random)),
        Kind::Message | Kind::Group => {
            let mut message = DynamicMessage::new(field.message()?);
            fill(&mut message, levels.checked_sub(1)?, random);
            Value::Message(Box::new(message))
        }
    })
}

/// Not a number is not equal to itself, so it is left to other tests.
fn double(value: f64, random: &mut Random) -> f64 {
    let value = if value.is_nan() { 0.1 } else { value };
    random.one_of(&[
        value,
        -0.0,
        f64::INFINITY,
        f64::MIN_POSITIVE,
        f64::MAX,
        1e16,
        5e-324,
    ])
}

fn float(value: f32, random: &mut Random) -> f32 {
    let value = if value.is_nan() { 0.1 } else { value };
    random.one_of(&[
        value,
        -0.0,
        f32::NEG_INFINITY,
        f32::MIN_POSITIVE,
        f32::MAX,
        16_777_216.0,
        1e-45,
    ])
}

fn enum_number(of: &EnumDescriptor, bits: u64, random: &mut Random) -> i32 {
    if of.full_name() == "google.protobuf.NullValue" {
        return 0;
    }
    let named: Vec<i32> = of.values().map(|(_, number)| number).collect();
    match of.is_closed() || random.below(4) > 0 {
        true => random.one_of(&named),
        false => bits as i32,
    }
}

fn set(message: &mut DynamicMessage, number: u32, value: Value) {
    let field = message
        .descriptor()
        .field(number)
        .expect("a field of a well-known type");
    message
        .set(&field, value)
        .expect("the value is of the field's type");
}

/// A `Value` is exactly one of its fields, and a number in it is finite.
fn fill_value(message: &mut DynamicMessage, levels: u32, random: &mut Random) {
    let field = message
        .descriptor()
        .field(random.one_of(&[1, 2, 3, 4, 5, 6]))
        .expect("a field of Value");
    let value = match field.number() {
        2 => Some(Value::F64(random.one_of(&[0.0, -1.5, 1e300]))),
        _ => single(&field, levels, random),
    };
    match value {
        Some(value) => set(message, field.number(), value),
        None => set(message, 1, Value::Enum(0)),
    }
}

fn fill_duration(message: &mut DynamicMessage, random: &mut Random) {
    let sign = random.one_of(&[1, -1]);
    set(
        message,
        1,
        Value::I64(i64::from(sign) * random.one_of(&[0, 1, 315_576_000_000])),
    );
    set(
        message,
        2,
        Value::I32(sign * random.one_of(&[0, 1, 20_000, 999_999_999])),
    );
}

fn fill_timestamp(message: &mut DynamicMessage, random: &mut Random) {
    let seconds = random.one_of(&[0, -1, -62_135_596_800, 253_402_300_799, 951_782_400]);
    set(message, 1, Value::I64(seconds));
    set(
        message,
        2,
        Value::I32(random.one_of(&[0, 1, 20_000, 999_999_999])),
    );
}

/// Cuts the bytes off, or adds, removes or changes one or two of them.
pub fn damage(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(2) {
        let at = random.below(bytes.len() + 1);
        match random.below(4) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, random.below(256) as u8),
            _ if at == bytes.len() => {}
            2 => bytes[at] ^= 1 << random.below(8),
            _ => drop(bytes.remove(at)),
        }
    }
}
