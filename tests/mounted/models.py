"""A host's user: signs in by e-mail address, and has neither a user name nor a numbered key."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class SubscriberManager(BaseUserManager["Subscriber"]):
    """Makes subscribers."""

    def create_user(self, email: str, password: str | None = None) -> Subscriber:
        user = self.model(email=email)
        user.set_password(password)
        user.save()
        return user


class Subscriber(AbstractBaseUser):
    """Somebody the host knows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    email = models.EmailField(unique=True)

    USERNAME_FIELD = "email"
    objects: ClassVar[SubscriberManager] = SubscriberManager()
