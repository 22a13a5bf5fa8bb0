using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Observability.Alerts.Matching;
using Fleet.Observability.Alerts.Routing;

namespace Fleet.Observability.Alerts.Storage;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Notification))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class AlertsJson : JsonSerializerContext
{
    public static string Write(IReadOnlyDictionary<string, string> labels) => JsonSerializer.Serialize(labels, Default.IReadOnlyDictionaryStringString);

    /// <summary>In the order that labels have here, whatever the text's.</summary>
    public static ImmutableSortedDictionary<string, string> ReadLabels(string text) => AlertLabels.Of(JsonSerializer.Deserialize(text, Default.DictionaryStringString) ?? []);
}
