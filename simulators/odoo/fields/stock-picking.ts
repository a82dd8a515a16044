/**
 * Fields of stock.picking as `fields_get` of real servers names them: name|type|* if required|relation|label|versions (empty = 16, 17 and 18).
 */
export const stockPickingFields = `
activity_ids|one2many||mail.activity|Activities|
activity_state|selection|||Activity State|
activity_user_id|many2one||res.users|Responsible User|
activity_type_id|many2one||mail.activity.type|Next Activity Type|
activity_type_icon|char|||Activity Type Icon|
activity_date_deadline|date|||Next Activity Deadline|
my_activity_date_deadline|date|||My Activity Deadline|
activity_summary|char|||Next Activity Summary|
activity_exception_decoration|selection|||Activity Exception Decoration|
activity_exception_icon|char|||Icon|
message_is_follower|boolean|||Is Follower|
message_follower_ids|one2many||mail.followers|Followers|
message_partner_ids|many2many||res.partner|Followers (Partners)|
message_ids|one2many||mail.message|Messages|
has_message|boolean|||Has Message|
message_needaction|boolean|||Action Needed|
message_needaction_counter|integer|||Number of Actions|
message_has_error|boolean|||Message Delivery error|
message_has_error_counter|integer|||Number of errors|
message_attachment_count|integer|||Attachment Count|
website_message_ids|one2many||mail.message|Website Messages|
name|char|||Reference|
origin|char|||Source Document|
note|html|||Notes|
backorder_id|many2one||stock.picking|Back Order of|
backorder_ids|one2many||stock.picking|Back Orders|
return_id|many2one||stock.picking|Return of|17 18
return_ids|one2many||stock.picking|Returns|17 18
return_count|integer|||# Returns|17 18
move_type|selection|*||Shipping Policy|
state|selection|||Status|
group_id|many2one||procurement.group|Procurement Group|
priority|selection|||Priority|
scheduled_date|datetime|||Scheduled Date|
date_deadline|datetime|||Deadline|
has_deadline_issue|boolean|||Is late|
date|datetime|||Creation Date|
date_done|datetime|||Date of Transfer|
delay_alert_date|datetime|||Delay Alert Date|
json_popover|char|||JSON data for the popover widget|
location_id|many2one|*|stock.location|Source Location|
location_dest_id|many2one|*|stock.location|Destination Location|
move_ids|one2many||stock.move|Stock Moves|
move_ids_without_package|one2many||stock.move|Stock move|
has_scrap_move|boolean|||Has Scrap Moves|
picking_type_id|many2one|*|stock.picking.type|Operation Type|
warehouse_address_id|many2one||res.partner|Address|18
picking_type_code|selection|||Type of Operation|
picking_type_entire_packs|boolean|||Move Entire Packages|
use_create_lots|boolean|||Create New Lots/Serial Numbers|
use_existing_lots|boolean|||Use Existing Lots/Serial Numbers|
partner_id|many2one||res.partner|Contact|
company_id|many2one||res.company|Company|
user_id|many2one||res.users|Responsible|
move_line_ids|one2many||stock.move.line|Operations|
move_line_ids_without_package|one2many||stock.move.line|Operations without package|
move_line_exist|boolean|||Has Pack Operations|
has_packages|boolean|||Has Packages|
show_check_availability|boolean|||Show Check Availability|
show_allocation|boolean|||Show Allocation|
owner_id|many2one||res.partner|Assign Owner|
printed|boolean|||Printed|
signature|binary|||Signature|
is_signed|boolean|||Is Signed|
is_locked|boolean|||Is Locked|
weight_bulk|float|||Bulk Weight|18
shipping_weight|float|||Weight for Shipping|18
shipping_volume|float|||Volume for Shipping|18
product_id|many2one||product.product|Product|
lot_id|many2one||stock.lot|Lot/Serial Number|17 18
show_operations|boolean|||Show Detailed Operations|
show_lots_text|boolean|||Show Lots Text|
has_tracking|boolean|||Has Tracking|
package_level_ids|one2many||stock.package_level|Package Level|
package_level_ids_details|one2many||stock.package_level|Package Level Ids Details|
products_availability|char|||Product Availability|
products_availability_state|selection|||Products Availability State|
picking_properties|properties|||Properties|17 18
show_next_pickings|boolean|||Show Next Pickings|18
search_date_category|selection|||Date Category|18
id|integer|||ID|
display_name|char|||Display Name|
create_uid|many2one||res.users|Created by|
create_date|datetime|||Created on|
write_uid|many2one||res.users|Last Updated by|
write_date|datetime|||Last Updated on|
country_code|char|||Country Code|
hide_picking_type|boolean|||Hide Picking Type|16 17
show_reserved|boolean|||Pre-fill Detailed Operations|16 17
show_set_qty_button|boolean|||Show Set Qty Button|16 17
show_clear_qty_button|boolean|||Show Clear Qty Button|16 17
message_main_attachment_id|many2one||ir.attachment|Main Attachment|16
move_line_nosuggest_ids|one2many||stock.move.line|Move Line Nosuggest|16
show_mark_as_todo|boolean|||Show Mark As Todo|16
show_validate|boolean|||Show Validate|16
immediate_transfer|boolean|||Immediate Transfer|16
__last_update|datetime|||Last Modified on|16
`;
