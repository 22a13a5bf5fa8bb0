using Fleet.Contracts;
using Fleet.Contracts.Alerts;
using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>Addresses that are some, no secrets in them, no password in the clear, templates that can be filled in.</summary>
internal sealed class ReceiverSpecRule() : TypedRule<ReceiverSpec>(ContractsJson.Default.ReceiverSpec)
{
    protected override IEnumerable<FieldProblem> Check(ReceiverSpec spec)
    {
        if (AlertTexts.Template(spec.TitleTemplate) is { } title)
            yield return new("spec.titleTemplate", title);
        if (AlertTexts.Template(spec.TextTemplate) is { } text)
            yield return new("spec.textTemplate", text);
        if (AddressProblem(spec.PagerDuty?.Url) is { } events)
            yield return new("spec.pagerDuty.url", events);
        if (AddressProblem(spec.Webhook?.Url) is { } hook)
            yield return new("spec.webhook.url", hook);
        for (var index = 0; index < (spec.Alertmanager?.Urls.Count ?? 0); index++)
            if (AddressProblem(spec.Alertmanager!.Urls[index]) is { } manager)
                yield return new($"spec.alertmanager.urls[{index}]", manager);
        foreach (var problem in spec.Email is { } email ? OfEmail(email) : [])
            yield return problem;
    }

    private static IEnumerable<FieldProblem> OfEmail(EmailReceiver email)
    {
        if (email is { Username: not null, PasswordSecret: null })
            yield return new("spec.email", "passwordSecret is needed with username");
        if (email is { Tls: "None", PasswordSecret: not null })
            yield return new("spec.email.tls", "must not be None with a password: it would go in the clear");
        if (!IsMailAddress(email.From))
            yield return new("spec.email.from", "is no address such as fleet@example.com");
        for (var index = 0; index < email.To.Count; index++)
            if (!IsMailAddress(email.To[index]))
                yield return new($"spec.email.to[{index}]", "is no address such as team@example.com");
    }

    /// <summary>One address without a name: what else could be in it would come into a header.</summary>
    private static bool IsMailAddress(string text) =>
        text.Split('@') is [{ Length: > 0 }, { Length: > 0 }] && text.All(letter => letter is > ' ' and < (char)127 and not ('<' or '>' or ',' or ';' or '"' or '(' or ')'));

    private static string? AddressProblem(string? text) =>
        text is null ? null
        : !Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") ? "is no http(s) address"
        : address.UserInfo.Length > 0 ? "must not hold user or password: name a Secret" : null;
}
