using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Patching;

/// <summary>RFC 6902: add, remove, replace, move, copy, test.</summary>
public static class JsonPatch
{
    /// <summary>
    /// The patched document; the arguments are not changed. A malformed patch is a 400, one that does not fit the document a 422
    /// (<see cref="KubeApiException"/>), and then nothing is applied.
    /// </summary>
    public static JsonNode? Apply(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonArray operations) throw PatchErrors.BadRequest("error decoding patch: a JSON patch must be a list of operations");
        if (operations.Count > PatchLimits.MaxOperations)
            throw new KubeApiException(413, "RequestEntityTooLarge",
                $"The allowed maximum operations in a JSON patch is {PatchLimits.MaxOperations}, got {operations.Count}");
        var document = new Document(target?.DeepClone());
        foreach (var operation in operations)
            document.Apply(operation as JsonObject ?? throw PatchErrors.BadRequest("error decoding patch: an operation must be an object"));
        return document.Root;
    }

    private sealed class Document(JsonNode? root)
    {
        public JsonNode? Root { get; private set; } = root;

        public void Apply(JsonObject operation)
        {
            var path = Pointer(operation, "path");
            switch (Text(operation, "op"))
            {
                case "add": Add(path, Value(operation), "add"); break;
                case "remove": Remove(path, "remove"); break;
                case "replace": Replace(path, Value(operation)); break;
                case "copy": Add(path, Find(Pointer(operation, "from"), "copy")?.DeepClone(), "copy"); break;
                case "move": Move(Pointer(operation, "from"), path); break;
                case "test": Test(path, Value(operation)); break;
                case var other: throw PatchErrors.BadRequest($"error decoding patch: unexpected operation kind: {other}");
            }
        }

        private void Move(string[] from, string[] to)
        {
            if (to.Length > from.Length && to.AsSpan(0, from.Length).SequenceEqual(from))
                throw PatchErrors.Unprocessable("move operation into a child of its own source");
            var value = Find(from, "move");
            Remove(from, "move");
            Add(to, value, "move");
        }

        private void Add(string[] path, JsonNode? value, string operation)
        {
            if (path.Length == 0)
            {
                Root = value;
                return;
            }
            switch (Find(path[..^1], operation))
            {
                case JsonObject parent:
                    parent[path[^1]] = value;
                    break;
                case JsonArray parent:
                    parent.Insert(path[^1] == "-" ? parent.Count : Index(path, parent.Count + 1, operation), value);
                    break;
                default:
                    throw Missing(path, operation);
            }
        }

        private void Remove(string[] path, string operation)
        {
            if (path.Length == 0)
            {
                Root = null;
                return;
            }
            switch (Find(path[..^1], operation))
            {
                case JsonObject parent:
                    if (!parent.Remove(path[^1])) throw Missing(path, operation);
                    break;
                case JsonArray parent:
                    parent.RemoveAt(Index(path, parent.Count, operation));
                    break;
                default:
                    throw Missing(path, operation);
            }
        }

        private void Replace(string[] path, JsonNode? value)
        {
            if (path.Length == 0)
            {
                Root = value;
                return;
            }
            switch (Find(path[..^1], "replace"))
            {
                case JsonObject parent when parent.ContainsKey(path[^1]):
                    parent[path[^1]] = value;
                    break;
                case JsonArray parent:
                    parent[Index(path, parent.Count, "replace")] = value;
                    break;
                default:
                    throw Missing(path, "replace");
            }
        }

        private void Test(string[] path, JsonNode? expected)
        {
            var actual = Root;
            if (path.Length > 0 && !TryStep(Find(path[..^1], "test"), path, path.Length - 1, "test", out actual)) actual = null;
            if (!JsonNode.DeepEquals(actual, expected)) throw PatchErrors.Unprocessable($"testing value {Join(path)} failed: test failed");
        }

        private JsonNode? Find(string[] path, string operation)
        {
            var node = Root;
            for (var i = 0; i < path.Length; i++)
                if (!TryStep(node, path, i, operation, out node)) throw Missing(path, operation);
            return node;
        }

        private static bool TryStep(JsonNode? node, string[] path, int at, string operation, out JsonNode? next)
        {
            next = null;
            switch (node)
            {
                case JsonObject o: return o.TryGetPropertyValue(path[at], out next);
                case JsonArray a:
                    next = a[Index(path[..(at + 1)], a.Count, operation)];
                    return true;
                default: return false;
            }
        }

        private static int Index(string[] path, int limit, string operation)
        {
            var text = path[^1];
            var wellFormed = text.Length > 0 && (text.Length == 1 || text[0] != '0') && text.All(char.IsAsciiDigit);
            if (wellFormed && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < limit) return index;
            throw PatchErrors.Unprocessable($"{operation} operation does not apply: doc is missing path: \"{Join(path)}\": invalid index referenced");
        }

        private static KubeApiException Missing(string[] path, string operation) =>
            PatchErrors.Unprocessable($"{operation} operation does not apply: doc is missing path: \"{Join(path)}\": missing value");

        private static string Join(string[] path) =>
            string.Concat(path.Select(p => "/" + p.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)));

        private static JsonNode? Value(JsonObject operation) => operation.TryGetPropertyValue("value", out var value)
            ? value?.DeepClone()
            : throw PatchErrors.BadRequest("error decoding patch: the operation has no value");

        private static string Text(JsonObject operation, string member) =>
            operation[member] is JsonValue value && value.TryGetValue<string>(out var text)
                ? text
                : throw PatchErrors.BadRequest($"error decoding patch: the operation has no {member}");

        private static string[] Pointer(JsonObject operation, string member)
        {
            var text = Text(operation, member);
            if (text.Length == 0) return [];
            if (text[0] != '/') throw PatchErrors.BadRequest($"error decoding patch: \"{text}\" is not a JSON pointer");
            return [.. text[1..].Split('/').Select(p => p.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
        }
    }
}
