using System.Globalization;
using Fleet.ClusterManager.OrleansProcess;

// Fleet.ClusterManager.Orleans.Process silo PORT: a silo. … bench [KILLS]: how fast calls are, and how long grains are away when their silo is killed, or hangs (half as often).
// The connection string of the database is in FLEET_TEST_DATABASE.
var database = Environment.GetEnvironmentVariable("FLEET_TEST_DATABASE") ?? throw new InvalidOperationException("FLEET_TEST_DATABASE is not set");
switch (args)
{
    case ["silo", var port]:
        using (await Silo.StartAsync(database, int.Parse(port, CultureInfo.InvariantCulture), new WhereAmI()))
        {
            Console.WriteLine("ready");
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
        }
        return 0;
    case ["bench", .. var rest]:
        await Measurement.RunAsync(database, rest is [var kills] ? int.Parse(kills, CultureInfo.InvariantCulture) : 20);
        return 0;
    default:
        Console.Error.WriteLine("silo PORT | bench [KILLS]");
        return 2;
}
