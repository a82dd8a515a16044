/**
 * Fields of stock.move.line as `fields_get` of real servers names them: name|type|* if required|relation|label|versions (empty = 16, 17 and 18).
 */
export const stockMoveLineFields = `
picking_id|many2one||stock.picking|Transfer|
move_id|many2one||stock.move|Stock Operation|
company_id|many2one|*|res.company|Company|
product_id|many2one||product.product|Product|
product_uom_id|many2one|*|uom.uom|Unit of Measure|
product_uom_category_id|many2one||uom.category|Category|
product_category_name|char|||Product Category|
quantity|float|||Quantity|17 18
quantity_product_uom|float|||Quantity in Product UoM|17 18
picked|boolean|||Picked|17 18
package_id|many2one||stock.quant.package|Source Package|
package_level_id|many2one||stock.package_level|Package Level|
lot_id|many2one||stock.lot|Lot/Serial Number|
lot_name|char|||Lot/Serial Number Name|
result_package_id|many2one||stock.quant.package|Destination Package|
date|datetime|*||Date|
scheduled_date|datetime|||Scheduled Date|18
owner_id|many2one||res.partner|From Owner|
location_id|many2one|*|stock.location|From|
location_dest_id|many2one|*|stock.location|To|
location_usage|selection|||Source Location Type|
location_dest_usage|selection|||Destination Location Type|
lots_visible|boolean|||Lots Visible|
picking_partner_id|many2one||res.partner|Contact|
picking_code|selection|||Type of Operation|
picking_type_id|many2one||stock.picking.type|Operation type|
picking_type_use_create_lots|boolean|||Create New Lots/Serial Numbers|
picking_type_use_existing_lots|boolean|||Use Existing Lots/Serial Numbers|
picking_type_entire_packs|boolean|||Move Entire Packages|
state|selection|||Status|
is_inventory|boolean|||Inventory|
is_locked|boolean|||Is Locked|
consume_line_ids|many2many||stock.move.line|Consume Line|
produce_line_ids|many2many||stock.move.line|Produce Line|
reference|char|||Reference|
tracking|selection|||Tracking|
origin|char|||Source|
description_picking|text|||Description picking|
quant_id|many2one||stock.quant|Pick From|17 18
product_packaging_qty|float|||Reserved Packaging Quantity|17 18
picking_location_id|many2one||stock.location|Source Location|17 18
picking_location_dest_id|many2one||stock.location|Destination Location|17 18
id|integer|||ID|
display_name|char|||Display Name|
create_uid|many2one||res.users|Created by|
create_date|datetime|||Created on|
write_uid|many2one||res.users|Last Updated by|
write_date|datetime|||Last Updated on|
reserved_qty|float|||Real Reserved Quantity|16
reserved_uom_qty|float|*||Reserved|16
qty_done|float|||Done|16
is_initial_demand_editable|boolean|||Is initial demand editable|16
__last_update|datetime|||Last Modified on|16
`;
