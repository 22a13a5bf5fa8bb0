using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Contracts.Services;
using Fleet.Helm.Releases;
using Fleet.Helm.Values;
using Fleet.StateManager.Services;

namespace Fleet.StateManager.Manifests;

/// <summary>Manifests as values of the <see cref="ManifestChart"/>. Never changed once it is made: several clusters may share it.</summary>
internal sealed record ManifestRelease(JsonObject Values, IReadOnlyList<JsonObject> Foundations, IReadOnlyCollection<string> Secrets, long Size)
{
    /// <param name="texts">Rendered.</param>
    /// <param name="release">What they become.</param>
    /// <param name="type">One of <see cref="ServiceTypes"/>: a kustomization is put into the namespace of its service as a whole.</param>
    /// <param name="isSecret">No message may show anything that the objects hold.</param>
    /// <param name="secrets">Texts that may have been rendered into the objects.</param>
    /// <param name="layered">As <see cref="ManifestReader.Read"/> has it.</param>
    /// <exception cref="ManifestException">Something is wrong with them.</exception>
    public static ManifestRelease Of(IReadOnlyList<ManifestText> texts, ReleaseName release, string type, bool isSecret, IReadOnlyCollection<string> secrets, bool layered = false)
    {
        var set = ManifestReader.Read(texts, release, type == ServiceTypes.Kustomize ? release.Namespace : null, layered);
        var objects = set.Objects.Select(YamlJson.Text).ToList();
        if (ReleaseRoom.Problem(objects) is { } problem)
            throw new ManifestException(problem);
        var values = new JsonObject { ["objects"] = new JsonArray([.. objects.Select(item => (JsonNode)item)]) };
        // Helm does not see them; a change of them is a change of the release all the same.
        if (set.Foundations.Count > 0)
            values["foundations"] = Digest(set.Foundations.Select(YamlJson.Text));
        // Whoever shows an old revision of the release has to know what must not be seen of it, when the Secret holds something else already.
        var rendered = secrets.Where(text => objects.Exists(item => item.Contains(YamlJson.Text(text).Trim('"'), StringComparison.Ordinal))).Order(StringComparer.Ordinal).ToList();
        if (rendered.Count > 0)
            values["secrets"] = new JsonArray([.. rendered.Select(text => (JsonNode)text)]);
        var hidden = isSecret ? set.Secrets.Concat(set.Objects.SelectMany(Contents)).ToHashSet(StringComparer.Ordinal) : set.Secrets;
        return new(values, set.Foundations, hidden, objects.Sum(item => (long)item.Length) + set.Foundations.Count * 1024);
    }

    /// <summary>Equal for what gives equal releases.</summary>
    public static string KeyOf(IReadOnlyList<ManifestText> texts, ReleaseName release, string type, bool isSecret, IReadOnlyCollection<string> secrets) =>
        Digest([release.ToString(), type, isSecret ? "secret" : "", .. texts.SelectMany(text => new[] { text.Name, text.Text }), .. secrets.Order(StringComparer.Ordinal)]);

    private static IEnumerable<string> Contents(JsonObject item) =>
        item.Where(field => field.Key is not ("apiVersion" or "kind" or "metadata")).SelectMany(field => ServiceValues.Texts(field.Value));

    private static string Digest(IEnumerable<string> parts)
    {
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            whole.AppendData(Encoding.UTF8.GetBytes(part));
            whole.AppendData([0]);
        }
        return Convert.ToHexStringLower(whole.GetHashAndReset());
    }
}
