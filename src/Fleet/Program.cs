using System.Runtime.InteropServices;
using Fleet.Host;
using Fleet.Host.Data;
using Fleet.Host.Database;
using Fleet.Host.Start;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Resources;

if (FleetOptions.Parse(args, out var exitCode) is not { } options)
    return exitCode;

using var stop = new CancellationTokenSource();
void OnSignal(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);

StartProgress? progress = null;
try
{
    var folder = DataFolder.Open(options.Data);
    if (options.StopDatabase)
    {
        if (PostgresBinaries.Find() is { } binaries)
            await new PrivatePostgres(binaries, folder.Postgres, 0).StopAsync(CancellationToken.None);
        return 0;
    }

    using var held = folder.Lock();
    progress = new StartProgress(folder, TimeProvider.System);
    await using var server = new FleetServer(options, folder, progress, TimeProvider.System);
    await server.StartAsync(stop.Token);
    Console.WriteLine($"Fleet {FleetServer.Version} is ready.");
    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    Console.WriteLine("Fleet stops.");
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 0;
}
catch (Exception error) when (error is DataFolderException or PortInUseException or PostgresException or KubeConfigException or KubeApiException
    or FormatException or IOException or TimeoutException or UnauthorizedAccessException or InvalidOperationException)
{
    Console.Error.WriteLine(error.Message);
    progress?.Fail(error.Message);
    return 1;
}
finally
{
    progress?.Dispose();
}
