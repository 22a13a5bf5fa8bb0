using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Fleet.Contracts.References;

/// <summary>An object in the same namespace, whose kind is known.</summary>
public sealed record LocalReference
{
    [Required, Description("Name of the referent.")]
    public string Name { get; set; } = "";
}
