using Fleet.Cli.Output;
using Fleet.Cli.Views;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Cli.Commands.Objects;

/// <summary>Waits for an object to go, and prints each new thing that holds it up.</summary>
internal static class DeletionWatch
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);

    public static async Task WaitAsync(IKubernetesClient client, ResourceKind kind, ObjectKey key, TimeSpan patience, CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        var said = "";
        string? uid = null;
        while (await client.Dynamic(kind).GetAsync(key, ct) is { } seen)
        {
            uid ??= seen.Metadata.Uid;
            // The same name with another UID is somebody's new object: the old one is gone.
            if (seen.Metadata.Uid != uid)
                return;
            var blocker = Blocker(seen);
            if (blocker != said && blocker.Length > 0)
                Console.WriteLine($"  {blocker}");
            said = blocker;
            if (TimeProvider.System.GetElapsedTime(began) > patience)
                throw new CommandException($"{kind.Kind} {key} is still there after {patience.TotalSeconds:0} s: {(blocker.Length > 0 ? blocker : "its finalizers are " + string.Join(", ", seen.Metadata.Finalizers ?? []))}", ExitCodes.TimedOut);
            await Task.Delay(Interval, TimeProvider.System, ct);
        }

        Console.WriteLine($"{kind.Kind.ToLowerInvariant()}/{key.Name} is gone");
    }

    private static string Blocker(DynamicObject seen) =>
        Conditions.Find(seen, "Deleting") is { } deleting ? $"{deleting["reason"]}: {deleting["message"]}".ReplaceLineEndings(" ") : "";
}
