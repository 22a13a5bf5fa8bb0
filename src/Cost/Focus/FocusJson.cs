using System.Text.Json.Serialization;

namespace Fleet.Cost.Focus;

[JsonSerializable(typeof(SortedDictionary<string, string>))]
internal sealed partial class FocusJson : JsonSerializerContext;
