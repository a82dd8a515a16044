/**
 * Fields of stock.move as `fields_get` of real servers names them: name|type|* if required|relation|label|versions (empty = 16, 17 and 18).
 */
export const stockMoveFields = `
name|char|*||Description|
sequence|integer|||Sequence|
priority|selection|||Priority|
date|datetime|*||Date Scheduled|
date_deadline|datetime|||Deadline|
company_id|many2one|*|res.company|Company|
product_id|many2one|*|product.product|Product|
never_product_template_attribute_value_ids|many2many||product.template.attribute.value|Never attribute Values|18
description_picking|text|||Description of Picking|
product_qty|float|||Real Quantity|
product_uom_qty|float|*||Demand|
product_uom|many2one|*|uom.uom|UoM|
product_uom_category_id|many2one||uom.category|Category|
product_tmpl_id|many2one||product.template|Product Template|
location_id|many2one|*|stock.location|Source Location|
location_dest_id|many2one|*|stock.location|Intermediate Location|
location_final_id|many2one||stock.location|Final Location|18
location_usage|selection|||Source Location Type|
location_dest_usage|selection|||Destination Location Type|
partner_id|many2one||res.partner|Destination Address |
move_dest_ids|many2many||stock.move|Destination Moves|
move_orig_ids|many2many||stock.move|Original Move|
picking_id|many2one||stock.picking|Transfer|
state|selection|||Status|
picked|boolean|||Picked|17 18
price_unit|float|||Unit Price|
origin|char|||Source Document|
procure_method|selection|*||Supply Method|
scrapped|boolean|||Scrapped|
scrap_id|many2one||stock.scrap|Scrap operation|17 18
group_id|many2one||procurement.group|Procurement Group|
rule_id|many2one||stock.rule|Stock Rule|
propagate_cancel|boolean|||Propagate cancel and split|
delay_alert_date|datetime|||Delay Alert Date|
picking_type_id|many2one||stock.picking.type|Operation Type|
is_inventory|boolean|||Inventory|
move_line_ids|one2many||stock.move.line|Move Line|
origin_returned_move_id|many2one||stock.move|Origin return move|
returned_move_ids|one2many||stock.move|All returned moves|
availability|float|||Forecasted Quantity|
restrict_partner_id|many2one||res.partner|Owner |
route_ids|many2many||stock.route|Destination route|
warehouse_id|many2one||stock.warehouse|Warehouse|
has_tracking|selection|||Product with Tracking|
quantity|float|||Quantity|17 18
show_operations|boolean|||Show Detailed Operations|
picking_code|selection|||Type of Operation|
show_details_visible|boolean|||Details Visible|
is_storable|boolean|||Track Inventory|18
additional|boolean|||Whether the move was added after the picking's confirmation|
is_locked|boolean|||Is Locked|
is_initial_demand_editable|boolean|||Is initial demand editable|
is_quantity_done_editable|boolean|||Is quantity done editable|
reference|char|||Reference|
move_lines_count|integer|||Move Lines Count|
package_level_id|many2one||stock.package_level|Package Level|
picking_type_entire_packs|boolean|||Move Entire Packages|
display_assign_serial|boolean|||Display Assign Serial|
display_import_lot|boolean|||Display Import Lot|17 18
next_serial|char|||First SN/Lot|
next_serial_count|integer|||Number of SN/Lots|
orderpoint_id|many2one||stock.warehouse.orderpoint|Original Reordering Rule|
forecast_availability|float|||Forecast Availability|
forecast_expected_date|datetime|||Forecasted Expected date|
lot_ids|many2many||stock.lot|Serial Numbers|
reservation_date|date|||Date to Reserve|
product_packaging_id|many2one||product.packaging|Packaging|
product_packaging_qty|float|||Reserved Packaging Quantity|17 18
product_packaging_quantity|float|||Done Packaging Quantity|17 18
show_quant|boolean|||Show Quant|17 18
show_lots_m2o|boolean|||Show lot_id|17 18
show_lots_text|boolean|||Show lot_name|17 18
id|integer|||ID|
display_name|char|||Display Name|
create_uid|many2one||res.users|Created by|
create_date|datetime|||Created on|
write_uid|many2one||res.users|Last Updated by|
write_date|datetime|||Last Updated on|
to_refund|boolean|||Update quantities on SO/PO|
account_move_ids|one2many||account.move|Account Move|
stock_valuation_layer_ids|one2many||stock.valuation.layer|Stock Valuation Layer|
analytic_account_line_ids|many2many||account.analytic.line|Analytic Account Line|17 18
product_type|selection|||Product Type|16 17
show_reserved|boolean|||Show Reserved|17
scrap_ids|one2many||stock.scrap|Scrap|16
move_line_nosuggest_ids|one2many||stock.move.line|Move Line Nosuggest|16
reserved_availability|float|||Quantity Reserved|16
quantity_done|float|||Quantity Done|16
show_reserved_availability|boolean|||From Supplier|16
display_clear_serial|boolean|||Display Clear Serial|16
from_immediate_transfer|boolean|||Immediate Transfer|16
__last_update|datetime|||Last Modified on|16
analytic_account_line_id|many2one||account.analytic.line|Analytic Account Line|16
`;
