//! Messages whose types are known only at run time.

use std::error::Error;

use ironwire::Message;
use ironwire::message::{DescriptorPool, DynamicMessage, Reflect, Value, ValueRef};

use crate::catalog::Product;
use crate::shop::{FILE_DESCRIPTOR_SET, Order};

#[test]
fn fields_by_name() -> Result<(), Box<dyn Error>> {
    let mut product = Product::default();
    let name = product
        .descriptor()
        .field_by_name("name")
        .expect("it has one");
    product.set(&name, Value::String("tea".into()))?;
    assert_eq!(product.name(), "tea");

    for field in product.descriptor().fields() {
        if let Some(value) = product.get(&field) {
            println!("{} = {:?}", field.name(), value.to_value());
        }
    }
    assert!(matches!(product.get(&name), Some(ValueRef::String("tea"))));
    Ok(())
}

#[test]
fn types_at_run_time() -> Result<(), Box<dyn Error>> {
    let pool = DescriptorPool::from_file_set(FILE_DESCRIPTOR_SET)?;
    let order = pool.message("shop.Order").expect("the set has it");
    let bytes = Order {
        count: 2,
        ..Default::default()
    }
    .encode_to_vec();
    let message = DynamicMessage::decode(order, &bytes)?;
    println!("{}", serde_json::to_string(&message)?);
    let order: Order = message.to_message()?;
    assert_eq!(order.count, 2);
    Ok(())
}
