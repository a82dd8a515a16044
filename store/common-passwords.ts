/**
 * Passwords of ten and more characters that lead the published lists of leaked ones, in English and Spanish, lower
 * case. Shorter ones are refused by their length.
 */
export const commonPasswords: ReadonlySet<string> = new Set(
  `1234567890 0123456789 0987654321 9876543210 1234567891 12345678910 123456789a a123456789 123456789q q123456789
  1234567899 1q2w3e4r5t 1q2w3e4r5t6y q1w2e3r4t5 q1w2e3r4t5y6 1qaz2wsx3edc 1qazxsw23edc zaq12wsxcde3 qazwsxedcrfv
  qazwsxedc1 qwertyuiop qwertyuiop1 qwertyuiop123 qwerty12345 qwerty123456 qwerty1234 1234qwerasdf asdfghjkl1
  asdfghjklñ qwertyuiopasdf zxcvbnm123 zxcvbnm1234 abcdefghij abcdefghijk abc1234567 abcd123456 abcd1234567 a1b2c3d4e5
  a1b2c3d4e5f6 password12 password123 password1234 password12345 password123456 passw0rd123 passw0rd1234 p@ssw0rd12
  p@ssw0rd123 p@ssword123 password1! password123! mypassword mypassword1 newpassword newpassword1 changeme123
  changeme1234 letmein123 letmein1234 welcome123 welcome1234 welcome12345 administrator administrador administrador1
  admin12345 admin123456 admin1234567 adminadmin adminadmin1 administrator1 rootroot123 superadmin superadmin1
  superusuario test123456 testtest123 testtesttest guest12345 default123 temporal123 temporal1234 prueba1234
  prueba12345 usuario123 usuario1234 bienvenido bienvenido1 bienvenida1 bienvenido123 contraseña contraseña1
  contraseña123 contrasena contrasena1 contrasena123 micontraseña micontrasena clave12345 clave123456 miclave123
  secreto123 hola123456 holahola123 holamundo1 holamundo123 teamo12345 teamomucho tequiero123 tequieromucho amorcito123
  princesa123 estrella123 mariposa123 barcelona1 barcelona10 realmadrid realmadrid1 colocolo123 colocolo1925
  universidad universidad1 chile12345 chilechile argentina1 argentina10 mexico1234 guadalupe1 alejandro1 alejandro123
  alejandra1 sebastian1 sebastian123 valentina1 valentina123 francisco1 francisco123 cristobal1 fernanda123 margarita1
  esperanza1 jesucristo jesucristo1 jesusesamor diosesamor diosesamor1 diosesbueno iloveyou12 iloveyou123 iloveyou1234
  iloveyouso sunshine123 princess123 football123 baseball123 basketball superman123 spiderman1 spiderman123 batman12345
  pokemon1234 dragon12345 monkey12345 shadow12345 michael1234 charlie1234 computer123 internet123 samsung123
  liverpool1 liverpool123 manchester chocolate1 chocolate123 butterfly1 caramelo123 verano2024 verano2025 verano2026
  invierno2024 invierno2025 invierno2026 summer2024 summer2025 summer2026 winter2024 winter2025 winter2026 spring2025
  spring2026 empresa123 empresa1234 bodega1234 bodega12345 almacen123 almacen1234 tienda1234 tienda12345 ventas1234
  ventas12345 oficina123 odoo123456 odooadmin1 odooadmin123`.split(/\s+/),
);
