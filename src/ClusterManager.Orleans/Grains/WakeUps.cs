using Orleans;

namespace Fleet.ClusterManager.Orleans.Grains;

/// <summary>
/// Reminders in the database for each call that a grain has had: they outlive the silo, and make the grain live on another one when nobody else asks
/// for it. Written once an activation.
/// </summary>
internal sealed class WakeUps(FleetGrain grain)
{
    // The shortest that Orleans takes. Controllers on the other silos call sooner; this is for what they do not know of.
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly HashSet<string> expected = [];

    public bool Expects(string reminder) => expected.Contains(reminder);

    public async Task ExpectAsync(CarriedCall call)
    {
        if (expected.Add(NameOf(call)))
            await grain.RegisterOrUpdateReminder(NameOf(call), Every, Every);
    }

    public async Task CancelAsync()
    {
        expected.Clear();
        foreach (var reminder in await grain.GetReminders())
            await grain.UnregisterReminder(reminder);
    }

    public static CarriedCall CallOf(string reminder, string reconcileId) => reminder.Split('/', 3) is [var controller, var place, var name]
        ? new(controller, place, name, reconcileId)
        : throw new FormatException($"\"{reminder}\" is no controller/namespace/name");

    private static string NameOf(CarriedCall call) => $"{call.Controller}/{call.Namespace}/{call.Name}";
}
