namespace Fleet.ControlPlane.OpenApi;

/// <summary>What differs between OpenAPI v2 and v3 documents.</summary>
internal enum OpenApiDialect { V2, V3 }
