using System.Globalization;
using Fleet.Control.Grains;
using Fleet.Control.Reconciling;

namespace Fleet.ClusterManager.OrleansProcess;

/// <summary>
/// Answers which process runs the grain, and under which epoch. The controller <c>hold</c> writes a line into the file that the key names as long as
/// it may write: what a reconcile does that is in the middle of its work when its process hangs.
/// </summary>
internal sealed class WhereAmI : IGrainBehavior
{
    public async Task<Outcome> HandleAsync(IGrainContext grain, GrainCall call, CancellationToken ct)
    {
        var epoch = grain.Ownership.Epoch.ToString(CultureInfo.InvariantCulture);
        while (call.Controller == "hold")
        {
            if (grain.Ownership.IsCurrent)
                await File.AppendAllTextAsync(call.Key.Name, epoch + "\n", ct);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, ct);
        }
        return Outcome.Stalled(Environment.ProcessId.ToString(CultureInfo.InvariantCulture), epoch);
    }

    public static (int Process, long Epoch) Answer(Outcome outcome) =>
        (int.Parse(outcome.Reason, CultureInfo.InvariantCulture), long.Parse(outcome.Message, CultureInfo.InvariantCulture));
}
