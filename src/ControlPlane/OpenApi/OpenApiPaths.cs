using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.OpenApi;

/// <summary>
/// The paths of a document. Clients read from them which kind a resource has (explain) and which query parameters the server knows
/// (kubectl asks for server-side field validation and dry-run only when they are listed here).
/// </summary>
internal sealed class OpenApiPaths(OpenApiDialect dialect, OpenApiTypes types)
{
    private static readonly (string Name, string Type, string Description)[] s_write =
    [
        ("dryRun", "string", "All: check everything, change nothing."),
        ("fieldManager", "string", "Who makes this change."),
        ("fieldValidation", "string", "What to do about unknown and duplicate fields: Ignore, Warn or Strict."),
    ];

    private static readonly (string Name, string Type, string Description)[] s_list =
    [
        ("allowWatchBookmarks", "boolean", "Send bookmarks while watching."),
        ("continue", "string", "Where the list goes on."),
        ("fieldSelector", "string", "Objects with these field values only."),
        ("labelSelector", "string", "Objects with these labels only."),
        ("limit", "integer", "The most objects in one answer."),
        ("resourceVersion", "string", "How fresh the answer must be, or where a watch begins."),
        ("resourceVersionMatch", "string", "How resourceVersion is to be understood."),
        ("sendInitialEvents", "boolean", "Begin a watch with what exists."),
        ("timeoutSeconds", "integer", "When to end the call."),
        ("watch", "boolean", "Stream changes instead of answering once."),
    ];

    private static readonly (string Name, string Type, string Description)[] s_delete =
    [
        ("dryRun", "string", "All: check everything, change nothing."),
        ("gracePeriodSeconds", "integer", "Seconds until the object is gone."),
        ("orphanDependents", "boolean", "Superseded by propagationPolicy."),
        ("propagationPolicy", "string", "Orphan, Background or Foreground."),
    ];

    private static readonly (string Name, string Type, string Description)[] s_force = [("force", "boolean", "Take fields over from their owners.")];

    private readonly JsonObject _paths = [];

    public JsonObject ToJson() => _paths;

    public void Add(OpenApiResource resource)
    {
        var kind = resource.Kind;
        var collection = "/" + kind.CollectionPath(kind.Namespaced ? "NS" : null).Replace("/namespaces/NS/", "/namespaces/{namespace}/", StringComparison.Ordinal);
        _paths[collection] = Item(kind.Namespaced, named: false,
            ("get", Operation(resource, "list", resource.TypeName + "List", null, s_list)),
            ("post", Operation(resource, "post", resource.TypeName, resource.TypeName, s_write)),
            ("delete", Operation(resource, "deletecollection", null, null, s_delete)));
        if (kind.Namespaced)
            _paths["/" + kind.CollectionPath(null)] = Item(false, false, ("get", Operation(resource, "list", resource.TypeName + "List", null, s_list)));
        _paths[collection + "/{name}"] = Item(kind.Namespaced, named: true, [.. ReadWrite(resource), ("delete", Operation(resource, "delete", null, null, s_delete))]);
        if (resource.HasStatus) _paths[collection + "/{name}/status"] = Item(kind.Namespaced, named: true, ReadWrite(resource));
        if (resource.HasScale) _paths[collection + "/{name}/scale"] = Item(kind.Namespaced, named: true, ReadWrite(resource));
    }

    private (string, JsonObject)[] ReadWrite(OpenApiResource resource) =>
    [
        ("get", Operation(resource, "get", resource.TypeName, null, [])),
        ("put", Operation(resource, "put", resource.TypeName, resource.TypeName, s_write)),
        ("patch", Operation(resource, "patch", resource.TypeName, "", [.. s_write, .. s_force])),
    ];

    private JsonObject Item(bool namespaced, bool named, params (string Method, JsonObject Operation)[] operations)
    {
        var item = new JsonObject();
        foreach (var (method, operation) in operations) item[method] = operation;
        var parameters = new JsonArray();
        if (named) parameters.Add((JsonNode)Parameter("name", "string", "Name of the object.", "path"));
        if (namespaced) parameters.Add((JsonNode)Parameter("namespace", "string", "Namespace of the object.", "path"));
        if (parameters.Count > 0) item["parameters"] = parameters;
        return item;
    }

    /// <summary>An empty body type means a patch.</summary>
    private JsonObject Operation(OpenApiResource resource, string action, string? answer, string? body, (string Name, string Type, string Description)[] query)
    {
        var parameters = new JsonArray([.. query.Select(q => (JsonNode)Parameter(q.Name, q.Type, q.Description, "query"))]);
        var operation = new JsonObject { ["tags"] = new JsonArray(Tag(resource)) };
        if (body is not null) AddBody(resource, operation, parameters, body);
        operation["parameters"] = parameters;
        operation["responses"] = new JsonObject { ["200"] = Answer(answer) };
        if (dialect == OpenApiDialect.V2)
        {
            operation["consumes"] = body == "" ? PatchTypes(resource) : new JsonArray("*/*");
            operation["produces"] = new JsonArray("application/json");
        }
        operation["x-kubernetes-action"] = action;
        operation["x-kubernetes-group-version-kind"] = OpenApiTypes.KindJson(resource.Kind.GroupVersionKind, "");
        return operation;
    }

    private void AddBody(OpenApiResource resource, JsonObject operation, JsonArray parameters, string body)
    {
        var schema = body.Length == 0 ? new JsonObject { ["type"] = "object" } : types.Reference(body, null);
        if (dialect == OpenApiDialect.V2)
        {
            parameters.Add((JsonNode)new JsonObject { ["name"] = "body", ["in"] = "body", ["required"] = true, ["schema"] = schema });
            return;
        }
        var content = new JsonObject();
        foreach (var type in body.Length == 0 ? PatchTypes(resource) : new JsonArray("*/*"))
            content[type!.GetValue<string>()] = new JsonObject { ["schema"] = schema.DeepClone() };
        operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = content };
    }

    private JsonObject Answer(string? type)
    {
        var answer = new JsonObject { ["description"] = "OK" };
        if (type is null) return answer;
        if (dialect == OpenApiDialect.V2) answer["schema"] = types.Reference(type, null);
        else answer["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = types.Reference(type, null) } };
        return answer;
    }

    private JsonObject Parameter(string name, string type, string description, string place)
    {
        var parameter = new JsonObject { ["name"] = name, ["in"] = place, ["description"] = description };
        if (place == "path") parameter["required"] = true;
        if (dialect == OpenApiDialect.V2)
        {
            parameter["type"] = type;
            parameter["uniqueItems"] = true;
        }
        else parameter["schema"] = new JsonObject { ["type"] = type, ["uniqueItems"] = true };
        return parameter;
    }

    private static string Tag(OpenApiResource resource) =>
        (resource.Kind.Group.Length == 0 ? "core" : resource.Kind.Group.Split('.')[0]) + "_" + resource.Kind.Version;

    /// <summary>Clients choose by this list how they patch; custom resources know no strategic merge.</summary>
    private static JsonArray PatchTypes(OpenApiResource resource)
    {
        var types = new JsonArray("application/apply-patch+yaml", "application/json-patch+json", "application/merge-patch+json");
        if (resource.Schema is not null) types.Add((JsonNode)"application/strategic-merge-patch+json");
        return types;
    }
}
