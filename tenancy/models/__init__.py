"""Tables of who works for which company."""

from tenancy.models.company import Branch, Company
from tenancy.models.membership import CompanyUserGrant, Membership, Role
from tenancy.models.owned import CompanyOwned
from tenancy.models.user import User

__all__ = ["Branch", "Company", "CompanyOwned", "CompanyUserGrant", "Membership", "Role", "User"]
