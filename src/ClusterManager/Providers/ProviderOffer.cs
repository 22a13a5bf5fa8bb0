using System.Text.Json;
using Fleet.Contracts.Components;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Providers;

/// <summary>
/// What the providers that a Management or Region has installed offer to clusters, from its status. Lists are kept as text, so that offers compare by value.
/// </summary>
/// <param name="Where">Kind and name, for people.</param>
/// <param name="IsSettled">False while the latest spec has not been acted on.</param>
/// <param name="AvailableText">Providers, separated by commas.</param>
/// <param name="ComingText">Providers of components that are not in order yet, separated by commas.</param>
/// <param name="ContractsText">Contract versions by provider and contract of Cluster API, as JSON.</param>
/// <param name="ComponentsText">Pairs <c>provider=component</c>, separated by commas.</param>
internal sealed record ProviderOffer(string Where, bool IsSettled, string AvailableText, string ComingText, string ContractsText, string ComponentsText)
{
    public static ProviderOffer Of(string kind, ObjectMeta metadata, ComponentsStatus? status, long? observed)
    {
        var components = (status?.Components ?? []).OrderBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        return new(
            $"{kind} {metadata.Name}",
            observed == metadata.Generation,
            string.Join(',', status?.AvailableProviders ?? []),
            string.Join(',', components.Where(pair => pair.Value.Success != true).SelectMany(pair => pair.Value.ExposedProviders ?? [])),
            JsonSerializer.Serialize(status?.CapiContracts ?? [], ProviderOfferJson.Default.DictionaryStringDictionaryStringString),
            string.Join(',', components.SelectMany(pair => (pair.Value.ExposedProviders ?? []).Select(provider => $"{provider}={pair.Key}"))));
    }

    public bool Has(string provider) => Split(AvailableText).Contains(provider);

    public bool WillHave(string provider) => !IsSettled || Split(ComingText).Contains(provider);

    public Dictionary<string, Dictionary<string, string>> Contracts() =>
        JsonSerializer.Deserialize(ContractsText, ProviderOfferJson.Default.DictionaryStringDictionaryStringString) ?? [];

    /// <summary>Name of the component that brings a provider.</summary>
    public string? ComponentOf(string provider) =>
        Split(ComponentsText).Where(pair => pair.StartsWith(provider + "=", StringComparison.Ordinal)).Select(pair => pair[(provider.Length + 1)..]).FirstOrDefault();

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries);
}

[System.Text.Json.Serialization.JsonSerializable(typeof(Dictionary<string, Dictionary<string, string>>))]
internal sealed partial class ProviderOfferJson : System.Text.Json.Serialization.JsonSerializerContext;
