/**
 * Fields of stock.location as `fields_get` of real servers names them: name|type|* if required|relation|label|versions (empty = 16, 17 and 18).
 */
export const stockLocationFields = `
name|char|*||Location Name|
complete_name|char|||Full Location Name|
active|boolean|||Active|
usage|selection|*||Location Type|
location_id|many2one||stock.location|Parent Location|
child_ids|one2many||stock.location|Contains|
child_internal_location_ids|many2many||stock.location|Internal locations among descendants|
comment|html|||Additional Information|
posx|integer|||Corridor (X)|
posy|integer|||Shelves (Y)|
posz|integer|||Height (Z)|
parent_path|char|||Parent Path|
company_id|many2one||res.company|Company|
scrap_location|boolean|||Is a Scrap Location?|
replenish_location|boolean|||Replenish Location|
removal_strategy_id|many2one||product.removal|Removal Strategy|
putaway_rule_ids|one2many||stock.putaway.rule|Putaway Rules|
barcode|char|||Barcode|
quant_ids|one2many||stock.quant|Quant|
cyclic_inventory_frequency|integer|||Inventory Frequency|
last_inventory_date|date|||Last Inventory|
next_inventory_date|date|||Next Expected|
warehouse_view_ids|one2many||stock.warehouse|Warehouse View|
warehouse_id|many2one||stock.warehouse|Warehouse|
storage_category_id|many2one||stock.storage.category|Storage Category|
outgoing_move_line_ids|one2many||stock.move.line|Outgoing Move Line|
incoming_move_line_ids|one2many||stock.move.line|Incoming Move Line|
net_weight|float|||Net Weight|
forecast_weight|float|||Forecasted Weight|
is_empty|boolean|||Is Empty|18
id|integer|||ID|
display_name|char|||Display Name|
create_uid|many2one||res.users|Created by|
create_date|datetime|||Created on|
write_uid|many2one||res.users|Last Updated by|
write_date|datetime|||Last Updated on|
valuation_in_account_id|many2one||account.account|Stock Valuation Account (Incoming)|
valuation_out_account_id|many2one||account.account|Stock Valuation Account (Outgoing)|
return_location|boolean|||Is a Return Location?|16 17
__last_update|datetime|||Last Modified on|16
`;
