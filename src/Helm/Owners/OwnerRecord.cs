using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Helm.Errors;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;

namespace Fleet.Helm.Owners;

/// <summary>A run of helm that has begun and is not known to have ended.</summary>
/// <param name="Name">For people.</param>
/// <param name="Until">Its helm is ended by then, as its owner's clock has it.</param>
/// <param name="After">The newest revision when it began, 0 without one; null when revisions do not tell whether it has ended.</param>
internal sealed record RunningOperation(string Name, DateTimeOffset Until, int? After);

/// <summary>The newest of helm's own records of a release.</summary>
internal readonly record struct NewestRevision(int Revision, string Status)
{
    public bool IsUnderWay => Status.StartsWith("pending-", StringComparison.Ordinal) || Status == "uninstalling";
}

/// <summary>
/// What is kept beside a release: its owner and what that does. A Secret, since whoever may run helm may write these in the namespace; of a type and with a label of its own, so
/// that it is no record of helm's.
/// </summary>
internal sealed record OwnerRecord(long Epoch, string Holder, RunningOperation? Operation)
{
    public const string Label = "k0rdent.mirantis.com/release-owner";

    public static ObjectKey KeyOf(ReleaseName release) => new(release.Namespace, $"fleet.release-owner.{release.Name}");

    /// <exception cref="HelmException">Somebody else wrote it.</exception>
    public static OwnerRecord Read(DynamicObject secret)
    {
        if (!long.TryParse(Field(secret, "epoch"), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch))
            throw new HelmException(HelmErrorKind.ReleaseFailed, $"Secret {secret.Key} says nothing of the release's owner: delete it.");
        var hasLimit = DateTimeOffset.TryParse(Field(secret, "until"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until);
        var after = int.TryParse(Field(secret, "after"), NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : (int?)null;
        return new(epoch, Field(secret, "holder"), hasLimit && Field(secret, "operation") is { Length: > 0 } name ? new(name, until, after) : null);
    }

    /// <param name="release">Whose.</param>
    /// <param name="seen">The one that it replaces; null when there is none.</param>
    public JsonObject Manifest(ReleaseName release, ObjectMeta? seen)
    {
        var key = KeyOf(release);
        var data = new JsonObject { ["epoch"] = Text(Epoch.ToString(CultureInfo.InvariantCulture)), ["holder"] = Text(Holder) };
        if (Operation is { } running)
        {
            data["operation"] = Text(running.Name);
            data["until"] = Text(running.Until.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            if (running.After is { } after)
                data["after"] = Text(after.ToString(CultureInfo.InvariantCulture));
        }
        var metadata = new JsonObject { ["name"] = key.Name, ["namespace"] = key.Namespace, ["labels"] = new JsonObject { [Label] = release.Name } };
        if (seen is not null)
            (metadata["uid"], metadata["resourceVersion"]) = (seen.Uid, seen.ResourceVersion);
        return new() { ["apiVersion"] = "v1", ["kind"] = "Secret", ["metadata"] = metadata, ["type"] = Label, ["data"] = data };
    }

    private static string Field(DynamicObject secret, string name)
    {
        try
        {
            return (string?)secret.At("data", name) is { } text ? Encoding.UTF8.GetString(Convert.FromBase64String(text)) : "";
        }
        catch (FormatException)
        {
            return "";
        }
    }

    private static string Text(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
