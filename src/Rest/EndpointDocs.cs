using Fleet.Rest.Problems;
using Fleet.Rest.Requests;
using Fleet.Contracts.Api;

namespace Fleet.Rest;

/// <summary>What the OpenAPI document says of endpoints.</summary>
public static class EndpointDocs
{
    private const string Json = "application/json";

    /// <summary>Name, summary, parameters, the answer, and the problems that every endpoint can give.</summary>
    public static RouteHandlerBuilder Describe<TAnswer>(
        this RouteHandlerBuilder endpoint, string operationId, string summary, QueryParameters? query = null, params int[] problems)
    {
        endpoint.WithName(operationId).WithSummary(summary).WithMetadata(query ?? new QueryParameters([]));
        endpoint.Produces<TAnswer>(StatusCodes.Status200OK, Json);
        foreach (var status in problems.Concat([400, 401, 403, 429, 500, 502, 503]).Distinct().Order())
            endpoint.Produces<Problem>(status, ProblemResult.MediaType);
        return endpoint;
    }

    /// <summary>The answer has an ETag, and 304 where the caller has it already.</summary>
    public static RouteHandlerBuilder Cached(this RouteHandlerBuilder endpoint) =>
        endpoint.Produces(StatusCodes.Status304NotModified).WithMetadata(new TakesIfNoneMatch());

    /// <summary>The call takes <c>If-Match</c>.</summary>
    public static RouteHandlerBuilder Conditional(this RouteHandlerBuilder endpoint, bool required = false)
    {
        endpoint.WithMetadata(new TakesIfMatch(required)).Produces<Problem>(412, ProblemResult.MediaType);
        return required ? endpoint.Produces<Problem>(428, ProblemResult.MediaType) : endpoint;
    }

    /// <summary>The call has a body of this type. Said only in the document: the framework's own way would answer another media type with no problem at all.</summary>
    public static RouteHandlerBuilder Takes<TBody>(this RouteHandlerBuilder endpoint, string mediaType = RequestBody.Json) where TBody : notnull =>
        endpoint.WithMetadata(new TakesBody(typeof(TBody), mediaType)).Produces<Problem>(413, ProblemResult.MediaType).Produces<Problem>(415, ProblemResult.MediaType);
}

public sealed record TakesIfNoneMatch;

public sealed record TakesIfMatch(bool Required);

public sealed record TakesLastEventId;

public sealed record TakesBody(Type Type, string MediaType);
