using System.Globalization;
using Fleet.Rest.Requests;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Fleet.Rest.OpenApi;

/// <summary>Parameters and headers, from what the endpoints say of themselves.</summary>
public sealed class OperationDetails : IOpenApiOperationTransformer
{
    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.Parameters ??= [];
        foreach (var parameter in metadata.OfType<QueryParameters>().SelectMany(parameters => parameters.All))
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = parameter.Name, In = ParameterLocation.Query, Description = parameter.Description, Required = parameter.IsRequired, Schema = SchemaOf(parameter),
            });
        if (metadata.OfType<TakesIfMatch>().FirstOrDefault() is { } condition)
            operation.Parameters.Add(Header("If-Match", "The ETag that a GET of the object gave; 412 when the object has changed since. * for whatever is there.", condition.Required));
        if (metadata.OfType<TakesIfNoneMatch>().Any())
            operation.Parameters.Add(Header("If-None-Match", "An ETag; 304 when nothing has changed since.", false));
        if (metadata.OfType<TakesLastEventId>().Any())
            operation.Parameters.Add(Header("Last-Event-ID", "The id of the last event that was seen: the stream goes on after it.", false));
        foreach (var (status, response) in operation.Responses ?? [])
            if (response is OpenApiResponse answer)
                AddHeaders(answer, status, metadata);
        if (metadata.OfType<TakesBody>().FirstOrDefault() is { } body)
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [body.MediaType] = new() { Schema = await context.GetOrCreateSchemaAsync(body.Type, null, cancellationToken) },
                },
            };
    }

    private static void AddHeaders(OpenApiResponse answer, string status, IList<object> metadata)
    {
        answer.Headers ??= new Dictionary<string, IOpenApiHeader>();
        answer.Headers[ApiCallFilter.RequestIdHeader] = Text("Names this call in the log and in the audit.");
        if (status is "200" or "304" && metadata.OfType<TakesIfNoneMatch>().Any())
            answer.Headers["ETag"] = Text("Version of what is answered.");
        if (status is "429" or "503")
            answer.Headers["Retry-After"] = Text("Seconds to wait.");
    }

    private static OpenApiHeader Text(string description) => new() { Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };

    private static OpenApiParameter Header(string name, string description, bool required) => new()
    {
        Name = name, In = ParameterLocation.Header, Description = description, Required = required, Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    private static OpenApiSchema SchemaOf(QueryParameter parameter) => parameter.Type switch
    {
        QueryType.Boolean => new() { Type = JsonSchemaType.Boolean },
        QueryType.Integer => new()
        {
            Type = JsonSchemaType.Integer,
            Minimum = parameter.Least.ToString(CultureInfo.InvariantCulture),
            Maximum = parameter.Most.ToString(CultureInfo.InvariantCulture),
        },
        QueryType.Time => new() { Type = JsonSchemaType.String, Format = "date-time" },
        _ => new() { Type = JsonSchemaType.String, MaxLength = parameter.Longest },
    };
}
