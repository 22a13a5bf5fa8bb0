using System.Globalization;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Deletion;

/// <summary>
/// What every replica of the ClusterManager must know before it lets a deletion begin. Each entry is a key of a ConfigMap: <c>begun.UID</c> with the time in RFC 3339, <c>refused.UID</c> with
/// NAMESPACE/NAME.
/// </summary>
/// <param name="Begun">Deletions that were let begin, by uid, with the time.</param>
/// <param name="Refused">The first of those that were refused, by uid: the breaker is open, which their status does not say everywhere at once.</param>
internal sealed record DeletionAccount(IReadOnlyDictionary<string, DateTimeOffset> Begun, IReadOnlyDictionary<string, ObjectKey> Refused)
{
    private const string BegunPrefix = "begun.";
    private const string RefusedPrefix = "refused.";

    public static DeletionAccount Empty { get; } = new(new Dictionary<string, DateTimeOffset>(), new Dictionary<string, ObjectKey>());

    /// <exception cref="FormatException">An entry that is none: what it stands for cannot be told.</exception>
    public static DeletionAccount From(ConfigMap stored)
    {
        var (begun, refused) = (new Dictionary<string, DateTimeOffset>(), new Dictionary<string, ObjectKey>());
        foreach (var (key, value) in stored.Data ?? [])
        {
            if (key.StartsWith(BegunPrefix, StringComparison.Ordinal)
                && DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
                begun[key[BegunPrefix.Length..]] = time;
            else if (key.StartsWith(RefusedPrefix, StringComparison.Ordinal) && value.Split('/') is [{ Length: > 0 } place, { Length: > 0 } name])
                refused[key[RefusedPrefix.Length..]] = new(place, name);
            else
                throw new FormatException($"{key} is no entry");
        }

        return new(begun, refused);
    }

    public Dictionary<string, string> Data() => new(
    [
        .. Begun.Select(one => KeyValuePair.Create(BegunPrefix + one.Key, one.Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture))),
        .. Refused.Select(one => KeyValuePair.Create(RefusedPrefix + one.Key, one.Value.ToString())),
    ]);
}
