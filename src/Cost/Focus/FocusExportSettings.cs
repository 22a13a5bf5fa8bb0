namespace Fleet.Cost.Focus;

/// <summary>What an export says of whoever makes it.</summary>
public sealed record FocusExportSettings
{
    public required string BillingAccountId { get; init; }

    public string? BillingAccountName { get; init; }

    /// <summary>Who sends the invoice, in most cases the platform team.</summary>
    public required string InvoiceIssuerName { get; init; }

    public string ProviderName { get; init; } = "Fleet";

    public string PublisherName { get; init; } = "Fleet";

    public FocusVersion Version { get; init; }
}
