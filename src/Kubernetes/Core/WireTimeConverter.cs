using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Kubernetes.Core;

/// <summary>Kubernetes' two forms of time: whole seconds and, where the type is MicroTime, exactly six digits, always with <c>Z</c>.</summary>
internal sealed class WireTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    /// <summary>
    /// Six digits are right for MicroTime and accepted for Time as well; fields of the latter are only ever written back as read, that is without a fraction.
    /// </summary>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
        => writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
}
