using System.Text.Json.Serialization;

namespace Fleet.Contracts.Conditions;

[JsonConverter(typeof(JsonStringEnumConverter<ConditionStatus>))]
public enum ConditionStatus
{
    Unknown,
    True,
    False,
}
