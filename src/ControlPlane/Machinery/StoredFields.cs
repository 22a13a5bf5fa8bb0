using System.Text.Json;
using Fleet.ControlPlane.Storage;

namespace Fleet.ControlPlane.Machinery;

/// <summary>Reads single fields out of stored bytes without building a tree.</summary>
internal static class StoredFields
{
    /// <summary>A reader on the value of <c>outer.inner</c>, or at its end (TokenType None) where there is none.</summary>
    public static Utf8JsonReader At(StoredObject stored, ReadOnlySpan<byte> outer, ReadOnlySpan<byte> inner)
    {
        var reader = stored.Read();
        reader.Read();
        return Enter(ref reader, outer) && reader.TokenType == JsonTokenType.StartObject && Enter(ref reader, inner) ? reader : default;
    }

    /// <summary>The text (or literal) at a path of names; "" where there is none, as field selectors see it.</summary>
    public static string Text(StoredObject stored, ReadOnlySpan<string> path)
    {
        var reader = stored.Read();
        reader.Read();
        foreach (var step in path)
        {
            if (reader.TokenType != JsonTokenType.StartObject || !Enter(ref reader, step)) return "";
        }
        return reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString()!,
            JsonTokenType.True => "true",
            JsonTokenType.False => "false",
            JsonTokenType.Number => System.Text.Encoding.UTF8.GetString(reader.ValueSpan),
            _ => "",
        };
    }

    private static bool Enter(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(name);
            reader.Read();
            if (found) return true;
            reader.Skip();
        }
        return false;
    }

    private static bool Enter(ref Utf8JsonReader reader, string name)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(name);
            reader.Read();
            if (found) return true;
            reader.Skip();
        }
        return false;
    }
}
