using Fleet.Host.Database;
using Fleet.Host.Data;
var f = DataFolder.Open(args[0]);
var pg = new PrivatePostgres(PostgresBinaries.Find()!, f.Postgres, Ports.Choose("--postgres-port", null, 0, Ports.DefaultPostgres));
var c = await pg.StartAsync(default);
await using (var n = new Npgsql.NpgsqlConnection(c)) { await n.OpenAsync(); Console.WriteLine(n.PostgreSqlVersion); }
c = await pg.StartAsync(default);
await pg.StopAsync(default);
Console.WriteLine("stopped");
