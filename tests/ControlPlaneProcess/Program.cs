using System.Globalization;
using Fleet.ControlPlane.Hosting;
using Fleet.ControlPlane.Simulation;

// Fleet.ControlPlaneProcess DATA PORT: the embedded API server with simulated infrastructure, alone in a process that a test may kill. What it keeps is in DATA.
await using var host = await ControlPlaneHost.StartAsync(new()
{
    DataFolder = args[0],
    Port = int.Parse(args[1], CultureInfo.InvariantCulture),
    Metrics = FleetSimulation.Metrics(TimeProvider.System),
    PodLogs = FleetSimulation.PodLogs(TimeProvider.System),
});
await using var simulation = await FleetSimulation.StartAsync(host.Clusters, new(), TimeProvider.System, null, CancellationToken.None);
Console.WriteLine("ready");
await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
