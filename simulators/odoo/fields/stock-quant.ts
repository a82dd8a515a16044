/**
 * Fields of stock.quant as `fields_get` of real servers names them: name|type|* if required|relation|label|versions (empty = 16, 17 and 18).
 */
export const stockQuantFields = `
product_id|many2one|*|product.product|Product|
product_tmpl_id|many2one||product.template|Product Template|
product_uom_id|many2one||uom.uom|Unit of Measure|
is_favorite|boolean|||Favorite|18
company_id|many2one||res.company|Company|
location_id|many2one|*|stock.location|Location|
warehouse_id|many2one||stock.warehouse|Warehouse|
storage_category_id|many2one||stock.storage.category|Storage Category|
cyclic_inventory_frequency|integer|||Inventory Frequency|
lot_id|many2one||stock.lot|Lot/Serial Number|
lot_properties|properties|||Properties|17 18
sn_duplicated|boolean|||Duplicated Serial Number|
package_id|many2one||stock.quant.package|Package|
owner_id|many2one||res.partner|Owner|
quantity|float|||Quantity|
reserved_quantity|float|*||Reserved Quantity|
available_quantity|float|||Available Quantity|
in_date|datetime|*||Incoming Date|
tracking|selection|||Tracking|
on_hand|boolean|||On Hand|
product_categ_id|many2one||product.category|Product Category|
inventory_quantity|float|||Counted Quantity|
inventory_quantity_auto_apply|float|||Inventoried Quantity|
inventory_diff_quantity|float|||Difference|
inventory_date|date|||Scheduled Date|
last_count_date|date|||Last Count Date|
inventory_quantity_set|boolean|||Inventory Quantity Set|
is_outdated|boolean|||Quantity has been moved since last count|
user_id|many2one||res.users|Assigned To|
id|integer|||ID|
display_name|char|||Display Name|
create_uid|many2one||res.users|Created by|
create_date|datetime|||Created on|
write_uid|many2one||res.users|Last Updated by|
write_date|datetime|||Last Updated on|
value|monetary|||Value|
currency_id|many2one||res.currency|Currency|
accounting_date|date|||Accounting Date|
cost_method|selection|||Costing Method|
priority|selection|||Favorite|16 17
__last_update|datetime|||Last Modified on|16
`;
