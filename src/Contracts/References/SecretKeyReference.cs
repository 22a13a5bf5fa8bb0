using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.References;

/// <summary>One value of a Secret, which may be in another namespace.</summary>
[Atomic]
public sealed record SecretKeyReference
{
    [Description("Name of the Secret.")]
    public string? Name { get; set; }

    [Description("Namespace of the Secret; absent means that of the object which refers to it.")]
    public string? Namespace { get; set; }

    [Required, StringLength(253, MinimumLength = 1), Description("Key of the value.")]
    public string Key { get; set; } = "";
}
