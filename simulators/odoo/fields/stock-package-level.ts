/**
 * Fields of stock.package_level as `fields_get` of real servers names them: name|type|* if required|relation|label|versions (empty = 16, 17 and 18).
 */
export const stockPackageLevelFields = `
package_id|many2one|*|stock.quant.package|Package|
picking_id|many2one||stock.picking|Picking|
move_ids|one2many||stock.move|Move|
move_line_ids|one2many||stock.move.line|Move Line|
location_id|many2one||stock.location|From|
location_dest_id|many2one||stock.location|To|
is_done|boolean|||Done|
state|selection|||State|
is_fresh_package|boolean|||Is Fresh Package|
picking_type_code|selection|||Type of Operation|
show_lots_m2o|boolean|||Show Lots M2O|
show_lots_text|boolean|||Show Lots Text|
company_id|many2one|*|res.company|Company|
id|integer|||ID|
display_name|char|||Display Name|
create_uid|many2one||res.users|Created by|
create_date|datetime|||Created on|
write_uid|many2one||res.users|Last Updated by|
write_date|datetime|||Last Updated on|
__last_update|datetime|||Last Modified on|16
`;
