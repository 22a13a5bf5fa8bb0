namespace Fleet.Cost.Focus;

/// <summary>Categories of services in FOCUS 1.2, and the subcategories of each.</summary>
internal static class FocusServices
{
    private static readonly (string Category, string[] Subcategories)[] Known =
    [
        ("AI and Machine Learning", ["AI Platforms", "Bots", "Generative AI", "Machine Learning", "Natural Language Processing"]),
        ("Analytics", ["Analytics Platforms", "Business Intelligence", "Data Processing", "Search", "Streaming Analytics"]),
        ("Business Applications", ["Productivity and Collaboration"]),
        ("Compute", ["Containers", "End User Computing", "Quantum Compute", "Serverless Compute", "Virtual Machines"]),
        ("Databases", ["Caching", "Data Warehouses", "Ledger Databases", "NoSQL Databases", "Relational Databases", "Time Series Databases"]),
        ("Developer Tools", ["Developer Platforms", "Continuous Integration and Deployment", "Development Environments", "Source Code Management", "Quality Assurance"]),
        ("Multicloud", ["Multicloud Integration"]),
        ("Identity", ["Identity and Access Management"]),
        ("Integration", ["API Management", "Messaging", "Workflow Orchestration"]),
        ("Internet of Things", ["IoT Analytics", "IoT Platforms"]),
        ("Management and Governance", ["Architecture", "Compliance", "Cost Management", "Data Governance", "Disaster Recovery", "Endpoint Management", "Observability", "Support"]),
        ("Media", ["Content Creation", "Gaming", "Media Streaming", "Mixed Reality"]),
        ("Migration", ["Data Migration", "Resource Migration"]),
        ("Mobile", []),
        ("Networking", ["Application Networking", "Content Delivery", "Network Connectivity", "Network Infrastructure", "Network Routing", "Network Security"]),
        ("Security", ["Secret Management", "Security Posture Management", "Threat Detection and Response"]),
        ("Storage", ["Backup Storage", "Block Storage", "File Storage", "Object Storage", "Storage Platforms"]),
        ("Web", ["Application Platforms"]),
        ("Other", []),
    ];

    /// <summary>Each category also has a subcategory for what else there is.</summary>
    private static readonly Dictionary<string, string> Parents = Known
        .SelectMany(service => service.Subcategories.Append($"Other ({service.Category})").Select(subcategory => (subcategory, service.Category)))
        .ToDictionary(pair => pair.subcategory, pair => pair.Category, StringComparer.Ordinal);

    public static IReadOnlyList<string> Categories { get; } = [.. Known.Select(service => service.Category)];

    public static IReadOnlyCollection<string> Subcategories => Parents.Keys;

    /// <summary>The one category that a subcategory belongs to; null when there is no such subcategory.</summary>
    public static string? ParentOf(string subcategory) => Parents.GetValueOrDefault(subcategory);
}
