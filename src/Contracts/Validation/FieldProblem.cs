namespace Fleet.Contracts.Validation;

/// <summary>What is wrong with a manifest by itself, and where: <c>spec.serviceSpec.services[0].name</c>.</summary>
public sealed record FieldProblem(string Field, string Message);
