/**
 * Fields of stock.quant.package as `fields_get` of real servers names them: name|type|* if required|relation|label|versions (empty = 16, 17 and 18).
 */
export const stockQuantPackageFields = `
name|char|*||Package Reference|
quant_ids|one2many||stock.quant|Bulk Content|
package_type_id|many2one||stock.package.type|Package Type|
location_id|many2one||stock.location|Location|
company_id|many2one||res.company|Company|
owner_id|many2one||res.partner|Owner|
package_use|selection|*||Package Use|
shipping_weight|float|||Shipping Weight|18
valid_sscc|boolean|||Package name is valid SSCC|
pack_date|date|||Pack Date|
id|integer|||ID|
display_name|char|||Display Name|
create_uid|many2one||res.users|Created by|
create_date|datetime|||Created on|
write_uid|many2one||res.users|Last Updated by|
write_date|datetime|||Last Updated on|
__last_update|datetime|||Last Modified on|16
`;
